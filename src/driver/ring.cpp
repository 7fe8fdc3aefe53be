// SPDX-License-Identifier: MIT
#include "driver/ring.hpp"

#include "driver/watching.hpp"

#include <atomic>
#include <cerrno>

namespace rondo::detail {

namespace {

/// What the kernel moves is acquired before an entry is touched that it has filled, or has done
/// with. What rondo moves is released after the entry was written, or read, and rondo itself reads
/// it as it likes. No load has to stay behind a store of ours: the kernel looks at the requests
/// when it is called, in this thread.
using shared_count = std::atomic_ref<std::uint32_t>;

constexpr std::uint32_t common_flags = sys::ring_setup_clamp | sys::ring_setup_submit_all;

/// Completions are made in this thread, and only when it asks: no interrupts, no locks. The state
/// word says whether asking is worth a system call.
constexpr std::uint32_t flags_of_one_thread = common_flags | sys::ring_setup_single_issuer |
                                              sys::ring_setup_defer_taskrun |
                                              sys::ring_setup_taskrun_flag;

int set_up(unsigned requests, unsigned completions, ring_user user,
           sys::ring_queues& queues) noexcept {
    const auto flags = user == ring_user::one_thread ? flags_of_one_thread : common_flags;
    const int fd =
        sys::ring_setup(requests, completions, flags | sys::ring_setup_no_sqarray, queues);
    return fd != -EINVAL ? fd : sys::ring_setup(requests, completions, flags, queues);
}

/// Ends of a wait that are none of an error: somebody interrupted it, it took long enough, or the
/// kernel wants completions to be taken first.
bool is_over(int result) noexcept {
    return result >= 0 || result == -EINTR || result == -ETIME || result == -EBUSY ||
           result == -EAGAIN;
}

const char* reason(int code) noexcept {
    switch (code) {
        case EPERM:
            return " (a seccomp filter, as containers have, or kernel.io_uring_disabled)";
        case ENOSYS:
            return " (this kernel has none, or one before 6.1)";
        case EINVAL:
            return " (this kernel is one before 6.1)";
        case ENOMEM:
            return " (the memory that may be locked, ulimit -l, is short)";
        default:
            return "";
    }
}

}  // namespace

void refuse(int negative_errno, const char* operation) {
    fail(negative_errno, "the driver io_uring cannot be used here, but epoll can" +
                             std::string(reason(-negative_errno)) + ": " + operation);
}

ring::ring(unsigned requests, unsigned completions, ring_user user)
    : fd_(set_up(requests, completions, user, queues_)) {
    if (fd_ < 0) {
        refuse(fd_, "io_uring_setup");
    }
}

ring::~ring() { sys::ring_close(fd_, queues_); }

bool ring::poll(int fd, std::uint32_t events, std::uint64_t mark) noexcept {
    sys::ring_request* const request = add(sys::ring_poll_add, mark);
    if (request == nullptr) {
        return false;
    }
    request->fd = fd;
    request->options = events;
    request->length = sys::ring_poll_multishot;
    return true;
}

bool ring::cancel(std::uint64_t mark) noexcept {
    sys::ring_request* const request = add(sys::ring_async_cancel, unmarked);
    if (request == nullptr) {
        return false;
    }
    request->address = mark;
    request->flags = sys::ring_no_completion_on_success;
    return true;
}

bool ring::cancel_all() noexcept {
    sys::ring_request* const request = add(sys::ring_async_cancel, unmarked);
    if (request == nullptr) {
        return false;
    }
    request->options = sys::ring_cancel_all | sys::ring_cancel_any;
    return true;
}

bool ring::ask(const sys::ring_request& what, std::uint64_t mark) noexcept {
    sys::ring_request* const request = add(what.operation, mark);
    if (request == nullptr) {
        return false;
    }
    *request = what;
    request->data = mark;
    return true;
}

sys::ring_request* ring::add(std::uint8_t operation, std::uint64_t mark) noexcept {
    if (requests() == queues_.request_count) {
        hand_over();
        if (requests() == queues_.request_count) {
            return nullptr;
        }
    }
    sys::ring_request& request = queues_.requests[tail_ & (queues_.request_count - 1)];
    request = {};
    request.operation = operation;
    request.fd = -1;
    request.data = mark;
    ++tail_;
    return &request;
}

std::uint32_t ring::requests() const noexcept {
    return tail_ - shared_count(*queues_.request_head).load(std::memory_order_acquire);
}

int ring::hand_over() noexcept { return enter(0, nanoseconds(-1)); }

int ring::wait(nanoseconds at_most) noexcept { return enter(1, at_most); }

int ring::enter(unsigned wait_for, nanoseconds at_most) noexcept {
    shared_count(*queues_.request_tail).store(tail_, std::memory_order_release);
    const int result = sys::ring_enter(fd_, queues_, requests(), wait_for, at_most.count());
    return is_over(result) ? 0 : result;
}

bool ring::next(sys::ring_completion& oldest) noexcept {
    const shared_count head(*queues_.completion_head);
    const std::uint32_t first = head.load(std::memory_order_relaxed);
    if (first == shared_count(*queues_.completion_tail).load(std::memory_order_acquire)) {
        return false;
    }
    oldest = queues_.completions[first & (queues_.completion_count - 1)];
    head.store(first + 1, std::memory_order_release);
    return true;
}

/// Work that comes at this moment may be missed, and is found at the next look.
bool ring::is_idle() const noexcept {
    const std::uint32_t state = shared_count(*queues_.state).load(std::memory_order_acquire);
    return requests() == 0 && (state & (sys::ring_has_work | sys::ring_has_overflown)) == 0 &&
           shared_count(*queues_.completion_head).load(std::memory_order_relaxed) ==
               shared_count(*queues_.completion_tail).load(std::memory_order_acquire);
}

}  // namespace rondo::detail
