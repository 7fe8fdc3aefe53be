// SPDX-License-Identifier: MIT
#include <rondo/base/detail/assert.hpp>
#include <rondo/core/errors.hpp>
#include <rondo/sync/condition.hpp>

#include <stdexcept>
#include <utility>

namespace rondo {

namespace detail {

bool condition_awaiter::await_ready() {
    if (!condition_->locked()) {
        throw std::runtime_error("condition::wait(): the lock is not acquired");
    }
    return cancelled_before_joining(condition_->waiters_);
}

void condition_awaiter::await_suspend(std::coroutine_handle<> handle) {
    condition_->lock_->release();
    stage_ = stage::waiting;
    wait_in(condition_->waiters_, handle);
}

void condition_awaiter::await_resume() {
    const stage reached = std::exchange(stage_, stage::outside);
    check_end();
    if (reached == stage::cancelled) {
        throw cancelled_error(waiting_task().cancel_message());
    }
}

/// In the middle of the await. The lock goes to others, and the coroutine does not own it when it
/// comes to release it, as the destructor of a guard does.
void condition_awaiter::be_destroyed() noexcept {
    if (verdict_ == verdict::orphaned) {
        return;
    }
    lock& mutex = *condition_->lock_;
    if (linked()) {
        leave();
    } else if (verdict_ == verdict::served || is_cancelled()) {
        mutex.release();
    }
    ++mutex.destroyed_without_;
}

void condition_awaiter::be_notified() noexcept {
    leave();
    stage_ = stage::notified;
    condition_->lock_->waiters_.push(*this);
}

cancel_answer condition_awaiter::cancel() noexcept {
    lock& mutex = *condition_->lock_;
    if (stage_ == stage::notified) {
        condition_->pass_notification_on();
    } else if (stage_ == stage::waiting) {
        leave();
        if (!mutex.locked_) {
            mutex.locked_ = true;
            return cancel_answer::done;
        }
        mutex.waiters_.push(*this);
    }
    stage_ = stage::cancelled;
    return cancel_answer::forwarded;  // it ends when it gets the lock
}

}  // namespace detail

condition::~condition() {
    waiters_.dismiss_dead();
    RONDO_ASSERT(waiters_.empty(), "a condition was destroyed while tasks waited for it");
}

void condition::notify(std::size_t n) {
    if (!locked()) {
        throw std::runtime_error("condition::notify(): the lock is not acquired");
    }
    for (; n > 0 && waiters_.next() != nullptr; --n) {
        pass_notification_on();
    }
}

void condition::pass_notification_on() noexcept {
    if (auto* first = static_cast<detail::condition_awaiter*>(waiters_.first())) {
        first->be_notified();
    }
}

}  // namespace rondo
