// SPDX-License-Identifier: MIT
#include <rondo/core/wait.hpp>
#include <rondo/core/wait_for.hpp>

#include <stdexcept>

namespace rondo::detail {

namespace {

join_until condition_of(return_when when) noexcept {
    switch (when) {
        case return_when::first_completed:
            return join_until::first_done;
        case return_when::first_exception:
            return join_until::first_exception;
        case return_when::all_completed:
            break;
    }
    return join_until::all_done;
}

}  // namespace

coro<void> wait_for_members(join_awaiter::members members, wait_options options) {
    if (members.empty()) {
        throw std::invalid_argument("wait(): the range of tasks is empty");
    }
    join_awaiter join("wait", std::move(members), condition_of(options.return_when));
    if (!options.timeout) {
        co_await join;
        co_return;
    }
    co_await move_on_after(*options.timeout, [&join]() -> coro<void> { co_await join; });
}

int requests_before_expiry() {
    const bool pending = cancellation_is_pending();
    return pending ? -1 : exec.current->cancelling();
}

void end_expired_wait(const std::exception_ptr& error, int requests_before) {
    const task_core& task = *exec.current;
    if (is_cancellation(error) && !task.cancel_is_pending() &&
        task.cancelling() <= requests_before) {
        throw timeout_error();
    }
}

}  // namespace rondo::detail
