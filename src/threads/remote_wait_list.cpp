// SPDX-License-Identifier: MIT
#include <rondo/threads/detail/remote_wait_list.hpp>

namespace rondo::detail {

bool shared_awaiter::await_ready() {
    if (cancelled_before_start()) {
        return true;
    }
    const thread_lock lock(*mutex_);
    done_ = try_now();
    if (!done_) {
        hang_bell();
        list_->join(*this);
    }
    return done_ && within_budget();
}

void shared_awaiter::await_suspend(std::coroutine_handle<> handle) noexcept {
    if (done_) {
        suspend_ready(handle);
    } else {
        suspend(handle);  // if it was rung already, this loop will hear it in its next pass
    }
}

cancel_answer shared_awaiter::cancel() noexcept {
    const thread_lock lock(*mutex_);
    return leave() ? cancel_answer::done : cancel_answer::deferred;
}

shared_awaiter::~shared_awaiter() {
    const thread_lock lock(*mutex_);
    leave();
}

}  // namespace rondo::detail
