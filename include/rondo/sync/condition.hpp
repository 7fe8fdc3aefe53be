// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/with.hpp>
#include <rondo/sync/lock.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <type_traits>
#include <utility>

namespace rondo {

class condition;

namespace detail {

/// Waits in the condition's list, and then in the lock's: a notification moves it from one to the
/// other, so that the task wakes once, with the lock.
class [[nodiscard("co_await it")]] condition_awaiter : public queued_waiter {
public:
    using rondo_awaitable = void;

    explicit condition_awaiter(condition& c) noexcept : condition_(&c) {}
    ~condition_awaiter() {
        if (stage_ != stage::outside) [[unlikely]] {
            be_destroyed();
        }
    }

    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle);
    void await_resume();
    cancel_answer cancel() noexcept override;
    const char* operation() const noexcept override { return "condition::wait"; }

    /// Leaves the condition's list for the lock's. The lock is locked.
    void be_notified() noexcept;

private:
    enum class stage : std::uint8_t { outside, waiting, notified, cancelled };

    void be_destroyed() noexcept;

    condition* condition_;
    stage stage_ = stage::outside;
};

template <class P>
auto wait_until(condition& c, P predicate) -> coro<std::decay_t<std::invoke_result_t<P&>>>;

}  // namespace detail

/// asyncio.Condition: a lock, and a way to wait until something changed that the lock protects.
///
///     auto guard = co_await c.scoped();
///     co_await c.wait_for([&] { return !items.empty(); });     // here the lock is held again
///
/// It has its own lock, or shares one. As with every condition variable, what was waited for may
/// have changed again when wait() returns: wait_for() looks. It may not be destroyed while tasks
/// wait, because they could not be given the lock: that ends the program. One loop at a time, in
/// that loop's thread.
class condition {
public:
    condition() : lock_(&own_) {}
    /// Uses `shared`, which must outlive the condition.
    explicit condition(lock& shared) noexcept : lock_(&shared) {}
    condition(const condition&) = delete;
    condition& operator=(const condition&) = delete;
    ~condition();

    // ---- the lock: see rondo::lock
    /// Returns, Throws, Cancellation, Fairness, Threads: as lock::acquire().
    auto acquire() noexcept { return lock_->acquire(); }
    /// Returns, Throws, Cancellation, Fairness, Threads: as lock::scoped().
    auto scoped() noexcept { return lock_->scoped(); }
    void release() { lock_->release(); }
    bool locked() const noexcept { return lock_->locked(); }

    /// Releases the lock, waits to be notified, and acquires the lock again.
    /// Returns: nothing. Throws: runtime_error when the lock is not held, or tasks of another loop
    /// wait. Cancellation: acquires the lock again, however long that takes, and then throws; if it
    /// had been notified the next one is notified in its place. Fairness: always yields; those who
    /// are notified get the lock first come, first served. Threads: the loop's.
    detail::condition_awaiter wait() noexcept { return detail::condition_awaiter(*this); }
    /// wait(), again and again until `predicate()` is true.
    /// Returns: what the predicate gave. Throws: what the predicate throws, and as wait().
    /// Cancellation: as wait(). Fairness: yields only if it has to wait. Threads: the loop's.
    template <class P>
    auto wait_for(P&& predicate) {
        detail::check_callable<P>();
        return detail::wait_until<P>(*this, std::forward<P>(predicate));
    }

    /// Wakes up to `n` of those who wait, first come first; they go on when they get the lock.
    /// Throws runtime_error when the lock is not held.
    void notify(std::size_t n = 1);
    void notify_all() { notify(static_cast<std::size_t>(-1)); }

    auto aenter() noexcept { return lock_->aenter(); }
    auto aexit(const std::exception_ptr& error) { return lock_->aexit(error); }

private:
    friend class detail::condition_awaiter;

    void pass_notification_on() noexcept;

    lock own_;
    lock* lock_;
    detail::wait_list waiters_;  // of condition_awaiters
};

namespace detail {

template <class P>
auto wait_until(condition& c, P predicate) -> coro<std::decay_t<std::invoke_result_t<P&>>> {
    for (;;) {
        auto answer = predicate();
        if (answer) {
            co_return answer;
        }
        co_await c.wait();
    }
}

}  // namespace detail
}  // namespace rondo
