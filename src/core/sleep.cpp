// SPDX-License-Identifier: MIT
#include <rondo/core/detail/task_core.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/sleep.hpp>

namespace rondo::detail {

sleep_awaiter::~sleep_awaiter() {
    if (armed()) {
        loop_->timers().disarm(*this);
    }
}

bool sleep_awaiter::await_ready() {
    task_core& task = running_task("sleep");
    if (cancelled_before_start()) {
        return true;
    }
    loop_ = task.loop();
    yields_ = !absolute_ && delay_ <= nanoseconds::zero();
    if (!yields_) {
        set_timer();
    }
    return false;
}

/// By itself, so that what only yields has fewer registers to save.
[[gnu::noinline]] void sleep_awaiter::set_timer() {
    if (!absolute_) {
        until_ = add_saturating(loop_->engine().now(), delay_);
    }
    if (until_ != time_point::max()) {
        loop_->engine().arm(*this, until_);
    }
}

void sleep_awaiter::await_suspend(std::coroutine_handle<> handle) noexcept {
    if (yields_) {
        suspend_ready(handle);
    } else {
        suspend(handle);
    }
}

cancel_answer sleep_awaiter::cancel() noexcept {
    if (armed()) {
        loop_->timers().disarm(*this);
    }
    return cancel_answer::done;
}

}  // namespace rondo::detail
