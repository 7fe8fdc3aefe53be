// SPDX-License-Identifier: MIT
#include "driver/operation_ring.hpp"

#include <cerrno>

namespace rondo::detail {

namespace {

// Requests are handed over one by one; more completions than that are kept by the kernel.
constexpr unsigned requests = 16;
constexpr unsigned completions = 1024;

/// How often the kernel is asked to take a request, which it refuses while it has no memory for it
/// or wants its completions to be taken first.
constexpr int most_tries = 4;

/// ERESTARTSYS, which the kernel keeps for itself but for the open of a FIFO that was given up: the
/// call was interrupted.
constexpr std::int32_t interrupted = -512;

std::uint64_t mark_of(kernel_operation& operation) noexcept {
    return reinterpret_cast<std::uintptr_t>(&operation);
}

}  // namespace

operation_ring::operation_ring() : ring_(requests, completions, ring_user::any_threads) {}

operation_ring::~operation_ring() {
    while (under_way_.pop_front() != nullptr) {
    }
}

int operation_ring::start(kernel_operation& operation, const sys::ring_request& request) noexcept {
    if (!ring_.ask(request, mark_of(operation))) {
        return -EAGAIN;
    }
    under_way_.push_back(operation);
    const int result = hand_over();
    if (result < 0) {
        under_way_.remove(operation);
    }
    return result;
}

int operation_ring::hand_over() noexcept {
    int result = 0;
    for (int tries = 0; result == 0 && ring_.has_requests() && tries < most_tries; ++tries) {
        result = ring_.hand_over();
        collect();
    }
    if (!ring_.has_requests()) {
        return 0;
    }
    ring_.drop_requests();
    return result < 0 ? result : -EAGAIN;
}

void operation_ring::give_up(kernel_operation& operation) noexcept {
    if (!ring_.cancel(mark_of(operation))) {
        return;
    }
    for (int tries = 0; ring_.has_requests() && tries < most_tries; ++tries) {
        ring_.hand_over();  // what is done by that is collected by the next poll
    }
    ring_.drop_requests();
}

void operation_ring::end(kernel_operation& operation) noexcept {
    give_up(operation);
    while (operation.linked() && ring_.wait(nanoseconds(-1)) == 0) {
        collect();
    }
}

bool operation_ring::collect() noexcept {
    bool any = false;
    sys::ring_completion completion;
    while (ring_.next(completion)) {
        if (completion.data == unmarked) {
            continue;
        }
        auto& operation = *reinterpret_cast<kernel_operation*>(completion.data);
        under_way_.remove(operation);
        operation.on_done(completion.result == interrupted ? -EINTR : completion.result);
        any = true;
    }
    return any;
}

}  // namespace rondo::detail
