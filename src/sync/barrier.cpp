// SPDX-License-Identifier: MIT
#include <rondo/sync/barrier.hpp>

namespace rondo {

namespace detail {

bool barrier_awaiter::await_ready() {
    if (barrier_->broken_) {
        throw broken_barrier_error("barrier::wait(): the barrier is broken");
    }
    if (barrier_->waiters_.size() + 1 < barrier_->parties_) {
        return cancelled_before_joining(barrier_->waiters_);
    }
    index_ = barrier_->parties_ - 1;
    barrier_->let_go();
    return complete_now();
}

void barrier_awaiter::await_suspend(std::coroutine_handle<> handle) noexcept {
    wait_in(barrier_->waiters_, handle);
}

std::size_t barrier_awaiter::await_resume() const {
    if (verdict_ == verdict::refused) {
        throw broken_barrier_error("barrier::wait(): the barrier was broken while a task waited");
    }
    check_end();
    return index_;
}

}  // namespace detail

barrier::barrier(std::size_t parties) : parties_(parties) {
    if (parties == 0) {
        throw std::invalid_argument("barrier: the number of parties must be positive");
    }
}

void barrier::let_go() {
    std::size_t index = 0;
    while (detail::queued_waiter* next = waiters_.next()) {
        static_cast<detail::barrier_awaiter*>(next)->index_ = index++;
        next->dismiss(detail::verdict::served);
    }
}

void barrier::reset() {
    if (waiters_.next() != nullptr) {
        waiters_.dismiss_all(detail::verdict::refused);
    }
    broken_ = false;
}

void barrier::abort() {
    reset();
    broken_ = true;
}

}  // namespace rondo
