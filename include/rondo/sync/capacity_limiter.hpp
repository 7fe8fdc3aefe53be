// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/immediate.hpp>
#include <rondo/sync/detail/quick_awaiter.hpp>
#include <rondo/sync/detail/wait_list.hpp>
#include <rondo/sync/errors.hpp>

#include <cstddef>
#include <exception>
#include <vector>

namespace rondo {

class capacity_limiter;

namespace detail {

class limiter_request {
public:
    using waiter = turn_waiter<limiter_request>;
    static constexpr const char* operation = "capacity_limiter::acquire";

    /// For the running task when `borrower` is null.
    limiter_request(capacity_limiter& limiter, const void* borrower) noexcept
        : limiter_(&limiter), borrower_(borrower) {}

    bool try_now();
    wait_list& waiters() const noexcept;
    void result() const noexcept {}
    void give_back() const noexcept;

private:
    friend class rondo::capacity_limiter;

    capacity_limiter* limiter_;
    const void* borrower_;
};

}  // namespace detail

/// trio's CapacityLimiter: tokens that borrowers take and give back, so that it knows who has one.
///
///     rondo::capacity_limiter connections(20);
///     co_await rondo::with(connections, [&]() -> rondo::coro<void> {…});
///     connections.set_total_tokens(50);      // at any time
///
/// The borrower is the running task, or whatever address stands for one. Each borrower has at most
/// one token, and only it can give it back. Fair: first come, first served. Made for up to some
/// thousand tokens. Destroying it while tasks wait makes their awaits throw runtime_error. One loop
/// at a time, in that loop's thread.
class capacity_limiter {
public:
    /// With 0 nobody gets a token until set_total_tokens().
    explicit capacity_limiter(std::size_t total_tokens);
    capacity_limiter(const capacity_limiter&) = delete;
    capacity_limiter& operator=(const capacity_limiter&) = delete;

    /// Waits for a token for the running task.
    /// Returns: nothing. Throws: runtime_error when the task has one already, or tasks of another
    /// loop wait. Cancellation: leaves the queue; once a token was given, acquire() succeeds.
    /// Fairness: first come, first served; yields only if it has to wait. Threads: the loop's.
    detail::quick_awaiter<detail::limiter_request> acquire() noexcept {
        return acquire_on_behalf_of(nullptr);
    }
    /// The same for another borrower than the task.
    /// Returns, Throws, Cancellation, Fairness, Threads: as acquire().
    detail::quick_awaiter<detail::limiter_request> acquire_on_behalf_of(
        const void* borrower) noexcept {
        return detail::quick_awaiter<detail::limiter_request>(*this, borrower);
    }
    /// Throws would_block_error when no token is free, runtime_error when the borrower has one.
    void acquire_nowait();
    void acquire_on_behalf_of_nowait(const void* borrower);
    /// Throws runtime_error when the borrower has no token.
    void release();
    void release_on_behalf_of(const void* borrower);

    std::size_t total_tokens() const noexcept { return total_; }
    /// More tokens wake those who wait; fewer take effect as they are given back.
    void set_total_tokens(std::size_t total);
    std::size_t borrowed_tokens() const noexcept { return borrowers_.size(); }
    std::size_t available_tokens() const noexcept {
        return total_ > borrowers_.size() ? total_ - borrowers_.size() : 0;
    }
    std::size_t tasks_waiting() const noexcept { return waiters_.size(); }

    auto aenter() noexcept { return acquire(); }
    auto aexit(const std::exception_ptr&) {
        release();
        return detail::immediate<bool>(false);
    }

private:
    friend class detail::limiter_request;

    /// Whether there was a token for `borrower`, which must not have one.
    bool try_lend(const void* borrower);
    void lend_what_is_free();

    // Invariant: nobody waits unless available_tokens() is 0.
    std::size_t total_;
    std::vector<const void*> borrowers_;
    detail::wait_list waiters_;  // of limiter_requests
};

}  // namespace rondo
