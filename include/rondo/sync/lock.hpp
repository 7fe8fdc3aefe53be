// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/immediate.hpp>
#include <rondo/sync/detail/quick_awaiter.hpp>
#include <rondo/sync/detail/scoped_hold.hpp>
#include <rondo/sync/detail/wait_list.hpp>

#include <cstdint>
#include <exception>
#include <utility>

namespace rondo {

class lock;

namespace detail {

class condition_awaiter;

class lock_request {
public:
    using waiter = turn_waiter<lock_request>;
    static constexpr const char* operation = "lock::acquire";

    explicit lock_request(lock& l) noexcept : lock_(&l) {}

    bool try_now() const noexcept;
    wait_list& waiters() const noexcept;
    void result() const noexcept {}
    void give_back() const noexcept;

protected:
    lock& wanted() const noexcept { return *lock_; }

private:
    lock* lock_;
};

}  // namespace detail

/// asyncio.Lock: one task at a time. For sections that contain a co_await; without one nothing can
/// come in between anyway.
///
///     auto guard = co_await lk.scoped();                        // until the end of the C++ scope
///     co_await rondo::with(lk, [&]() -> rondo::coro<void> {…}); // async with
///
/// Fair: release() gives the lock to the task that has waited longest, and a task that comes while
/// others wait queues behind them. Whoever was given the lock has it, also when it is cancelled
/// before it runs again. Nobody owns it: any task may release it, and it is not recursive.
/// Destroying it while tasks wait makes their awaits throw runtime_error. It serves one loop at a
/// time, in that loop's thread; between two loops it may be used freely.
class lock {
public:
    lock() = default;
    lock(const lock&) = delete;
    lock& operator=(const lock&) = delete;

    /// Waits until the lock is this task's.
    /// Returns: nothing. Throws: runtime_error when tasks of another loop wait for it.
    /// Cancellation: leaves the queue; once the lock was given, acquire() succeeds. Fairness: first
    /// come, first served; yields only if it has to wait. Threads: the loop's.
    auto acquire() noexcept { return detail::quick_awaiter<detail::lock_request>(*this); }
    /// acquire(), and release() at the end of the C++ scope.
    /// Returns: a scoped_hold<lock>. Throws, Cancellation, Fairness, Threads: as acquire().
    auto scoped() noexcept {
        return detail::quick_awaiter<detail::scoped<detail::lock_request>>(*this);
    }
    /// Gives the lock to the first who waits. Throws runtime_error when it is not locked.
    void release() {
        if (detail::queued_waiter* next = waiters_.next()) {
            next->dismiss(detail::verdict::served);
        } else {
            if (!locked_) [[unlikely]] {
                release_unlocked();
            }
            locked_ = false;
        }
    }
    bool locked() const noexcept { return locked_; }

    auto aenter() noexcept { return acquire(); }
    auto aexit(const std::exception_ptr&) {
        release();
        return detail::immediate<bool>(false);
    }

private:
    friend class detail::lock_request;
    friend class detail::condition_awaiter;

    void release_unlocked();

    // Invariant: nobody waits unless it is locked.
    bool locked_ = false;
    /// Coroutines that were destroyed in condition::wait(), without the lock: what stands around
    /// that await in them releases it all the same.
    std::uint32_t destroyed_without_ = 0;
    detail::wait_list waiters_;
};

namespace detail {

inline bool lock_request::try_now() const noexcept { return !std::exchange(lock_->locked_, true); }
inline wait_list& lock_request::waiters() const noexcept { return lock_->waiters_; }
inline void lock_request::give_back() const noexcept { lock_->release(); }

}  // namespace detail
}  // namespace rondo
