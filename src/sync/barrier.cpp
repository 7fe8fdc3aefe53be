// SPDX-License-Identifier: MIT
#include <rondo/sync/barrier.hpp>

namespace rondo {

namespace detail {

bool barrier_request::try_now() {
    if (barrier_->broken_) {
        throw broken_barrier_error("barrier::wait(): the barrier is broken");
    }
    if (barrier_->waiters_.size() + 1 < barrier_->parties_) {
        return false;
    }
    index_ = barrier_->parties_ - 1;
    barrier_->let_go();
    return true;
}

void barrier_request::refuse() {
    throw broken_barrier_error("barrier::wait(): the barrier was broken while a task waited");
}

wait_list& barrier_request::waiters() const noexcept { return barrier_->waiters_; }

}  // namespace detail

barrier::barrier(std::size_t parties) : parties_(parties) {
    if (parties == 0) {
        throw std::invalid_argument("barrier: the number of parties must be positive");
    }
}

void barrier::let_go() {
    std::size_t index = 0;
    while (detail::queued_waiter* next = waiters_.next()) {
        static_cast<detail::barrier_request::waiter*>(next)->request().index_ = index++;
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
