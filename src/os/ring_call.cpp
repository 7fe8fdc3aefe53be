// SPDX-License-Identifier: MIT
#include "os/ring_call.hpp"

#include <rondo/core/detail/loop_engine.hpp>
#include <rondo/core/detail/task_core.hpp>
#include <rondo/core/event_loop.hpp>

#include <cerrno>

namespace rondo::detail {

void ring_call::end() noexcept {
    waits_ = false;
    if (under_way_) {
        given_up_ = true;
        io_->end(operation_);
        under_way_ = false;  // also in the child of a fork, where it is never done
    }
}

bool ring_call::await_ready() {
    io_ = &running_task(name_).loop()->io();
    const bool heeds_cancellation = policy_ == when_begun::give_up || policy_ == when_begun::finish;
    if ((heeds_cancellation && cancelled_before_start()) || result_ < 0) {
        return true;
    }
    begin();
    return !under_way_ && within_budget();
}

void ring_call::begin() noexcept {
    under_way_ = true;
    const int refused = io_->start(operation_, request_);
    if (refused < 0) {
        under_way_ = false;
        result_ = refused;
    } else {
        has_begun_ = true;
    }
}

bool ring_call::was_given_up() const noexcept {
    return given_up_ && (result_ == -EINTR || result_ == -ECANCELED);
}

/// A signal may interrupt it, and the end of the thread that had started it ends it.
bool ring_call::is_to_be_repeated() const noexcept {
    const bool nobody_wants_it = given_up_ && (!waits_ || waiting_task().cancel_is_pending());
    return !nobody_wants_it &&
           (result_ == -ECANCELED || (result_ == -EINTR && policy_ != when_begun::once));
}

void ring_call::done(std::int32_t result) noexcept {
    under_way_ = false;
    result_ = result;
    if (is_to_be_repeated()) {
        given_up_ = false;
        begin();
    }
    if (!under_way_ && waits_) {
        waits_ = false;
        wake();
    }
}

void ring_call::await_suspend(std::coroutine_handle<> handle) noexcept {
    if (under_way_) {
        suspend(handle);
        waits_ = true;
    } else {
        suspend_ready(handle);
    }
}

std::int32_t ring_call::await_resume() {
    throw_if_cancelled();
    if (was_given_up()) {
        throw_cancelled();
    }
    return result_;
}

cancel_answer ring_call::cancel() noexcept {
    if (policy_ == when_begun::give_up && !given_up_) {
        given_up_ = true;
        io_->give_up(operation_);
    }
    if (under_way_ && !operation_.linked()) {
        under_way_ = waits_ = false;  // this is the child of a fork, where it is never done
        return cancel_answer::done;
    }
    return cancel_answer::deferred;
}

}  // namespace rondo::detail
