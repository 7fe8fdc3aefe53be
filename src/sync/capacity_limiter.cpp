// SPDX-License-Identifier: MIT
#include <rondo/sync/capacity_limiter.hpp>

#include <algorithm>
#include <stdexcept>

namespace rondo {

namespace detail {

bool limiter_request::try_now() {
    if (borrower_ == nullptr) {
        borrower_ = &running_task(operation);
    }
    return limiter_->try_lend(borrower_);
}

wait_list& limiter_request::waiters() const noexcept { return limiter_->waiters_; }

void limiter_request::give_back() const noexcept { limiter_->release_on_behalf_of(borrower_); }

}  // namespace detail

capacity_limiter::capacity_limiter(std::size_t total_tokens) : total_(total_tokens) {}

bool capacity_limiter::try_lend(const void* borrower) {
    if (std::find(borrowers_.begin(), borrowers_.end(), borrower) != borrowers_.end()) {
        throw std::runtime_error("capacity_limiter: this borrower has a token already");
    }
    if (available_tokens() == 0) {
        return false;
    }
    borrowers_.push_back(borrower);
    return true;
}

void capacity_limiter::acquire_nowait() {
    acquire_on_behalf_of_nowait(&detail::running_task("capacity_limiter::acquire_nowait"));
}

void capacity_limiter::acquire_on_behalf_of_nowait(const void* borrower) {
    if (!try_lend(borrower)) {
        throw would_block_error("capacity_limiter: no token is free");
    }
}

void capacity_limiter::release() {
    release_on_behalf_of(&detail::running_task("capacity_limiter::release"));
}

void capacity_limiter::release_on_behalf_of(const void* borrower) {
    const auto found = std::find(borrowers_.begin(), borrowers_.end(), borrower);
    if (found == borrowers_.end()) {
        throw std::runtime_error("capacity_limiter: this borrower has no token");
    }
    *found = borrowers_.back();
    borrowers_.pop_back();
    lend_what_is_free();
}

void capacity_limiter::set_total_tokens(std::size_t total) {
    total_ = total;
    lend_what_is_free();
}

void capacity_limiter::lend_what_is_free() {
    while (available_tokens() > 0) {
        detail::queued_waiter* next = waiters_.next();
        if (next == nullptr) {
            return;
        }
        borrowers_.push_back(
            static_cast<detail::limiter_request::waiter*>(next)->request().borrower_);
        next->dismiss(detail::verdict::served);
    }
}

}  // namespace rondo
