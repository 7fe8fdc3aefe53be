// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/immediate.hpp>
#include <rondo/sync/detail/quick_awaiter.hpp>
#include <rondo/sync/detail/wait_list.hpp>

#include <cstddef>
#include <exception>
#include <stdexcept>

namespace rondo {

class barrier;

/// The barrier was reset while a task waited for it, or was aborted.
class broken_barrier_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

namespace detail {

class barrier_request {
public:
    using waiter = turn_waiter<barrier_request>;
    static constexpr const char* operation = "barrier::wait";

    explicit barrier_request(barrier& b) noexcept : barrier_(&b) {}

    bool try_now();
    [[noreturn]] static void refuse();
    wait_list& waiters() const noexcept;
    std::size_t result() const noexcept { return index_; }

private:
    friend class rondo::barrier;

    barrier* barrier_;
    std::size_t index_ = 0;
};

}  // namespace detail

/// asyncio.Barrier: lets tasks through in groups of `parties`.
///
///     std::size_t index = co_await all_here.wait();
///     co_await rondo::with(all_here, [&](std::size_t index) -> rondo::coro<void> {…});
///
/// The last one to arrive lets all of them go, and the next group begins to gather at once.
/// Destroying it while tasks wait makes their awaits throw runtime_error. One loop at a time, in
/// that loop's thread.
class barrier {
public:
    /// Throws invalid_argument for 0.
    explicit barrier(std::size_t parties);
    barrier(const barrier&) = delete;
    barrier& operator=(const barrier&) = delete;

    /// Waits until `parties` tasks wait.
    /// Returns: this task's place in the order of arrival, 0 to parties - 1. Throws:
    /// broken_barrier_error when the barrier is, or meanwhile becomes, broken or is reset;
    /// runtime_error when tasks of another loop wait. Cancellation: the task no longer counts; once
    /// the group is complete wait() succeeds. Fairness: all go on in the order of arrival; the last
    /// one does not yield. Threads: the loop's.
    auto wait() noexcept { return detail::quick_awaiter<detail::barrier_request>(*this); }
    /// Back to the beginning: those who wait get broken_barrier_error; new ones gather.
    void reset();
    /// Those who wait, and all to come until reset(), get broken_barrier_error.
    void abort();

    std::size_t parties() const noexcept { return parties_; }
    /// How many of the next group are here.
    std::size_t n_waiting() const noexcept { return waiters_.size(); }
    bool broken() const noexcept { return broken_; }

    auto aenter() noexcept { return wait(); }
    static auto aexit(const std::exception_ptr&) { return detail::immediate<bool>(false); }

private:
    friend class detail::barrier_request;

    void let_go();

    std::size_t parties_;
    bool broken_ = false;
    detail::wait_list waiters_;  // of barrier_requests
};

}  // namespace rondo
