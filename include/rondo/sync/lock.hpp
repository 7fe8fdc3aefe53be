// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/immediate.hpp>
#include <rondo/sync/scoped_hold.hpp>
#include <rondo/sync/wait_list.hpp>

#include <coroutine>
#include <exception>

namespace rondo {

class lock;

namespace detail {

class condition_awaiter;

class [[nodiscard("co_await it")]] lock_awaiter : public queued_waiter {
public:
    explicit lock_awaiter(lock& l) noexcept : lock_(&l) {}

    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept;
    void await_resume() const { check_end(); }
    const char* operation() const noexcept override { return "lock::acquire"; }

protected:
    lock& acquired() const noexcept { return *lock_; }

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
    detail::lock_awaiter acquire() noexcept { return detail::lock_awaiter(*this); }
    /// acquire(), and release() at the end of the C++ scope.
    /// Returns: a scoped_hold<lock>. Throws, Cancellation, Fairness, Threads: as acquire().
    auto scoped() noexcept { return detail::scoped_awaiter<detail::lock_awaiter>(*this); }
    /// Gives the lock to the first who waits. Throws runtime_error when it is not locked.
    void release() {
        if (detail::queued_waiter* next = waiters_.next()) {
            next->dismiss(detail::verdict::served);
        } else {
            unlock();
        }
    }
    bool locked() const noexcept { return locked_; }

    auto aenter() noexcept { return acquire(); }
    auto aexit(const std::exception_ptr&) {
        release();
        return detail::immediate<bool>(false);
    }

private:
    friend class detail::lock_awaiter;
    friend class detail::condition_awaiter;

    void unlock();

    // Invariant: nobody waits unless it is locked.
    bool locked_ = false;
    detail::wait_list waiters_;
};

namespace detail {

inline bool lock_awaiter::await_ready() {
    if (!lock_->locked_) [[likely]] {
        lock_->locked_ = true;
        return complete_now();
    }
    return cancelled_before_joining(lock_->waiters_);
}

inline void lock_awaiter::await_suspend(std::coroutine_handle<> handle) noexcept {
    wait_in(lock_->waiters_, handle);
}

}  // namespace detail
}  // namespace rondo
