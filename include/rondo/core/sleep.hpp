// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/clock.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/detail/timer_heap.hpp>
#include <rondo/core/detail/waiter.hpp>

#include <coroutine>
#include <utility>

namespace rondo {

namespace detail {

/// Lets the others run once. A pending cancellation is delivered first. It is no waiter, since
/// nobody can cancel or wake a task that is ready already.
class yield_awaiter {
public:
    using rondo_awaitable = void;

    static bool await_ready() { return exec.may_be_cancelled && cancellation_is_pending(); }
    static void await_suspend(std::coroutine_handle<> handle) noexcept {
        exec.current->block_ready(handle);
    }
    static void await_resume() {
        if (exec.may_be_cancelled && take_cancellation()) [[unlikely]] {
            throw_cancelled();
        }
    }
};

/// Gives a pending cancellation its chance, without letting others run.
class checkpoint_awaiter {
public:
    using rondo_awaitable = void;

    static bool await_ready() noexcept { return true; }
    static void await_suspend(std::coroutine_handle<>) noexcept {}
    static void await_resume() {
        if (exec.may_be_cancelled && take_cancellation()) [[unlikely]] {
            throw_cancelled();
        }
    }
};

class sleep_awaiter : public waiter, public timer_node {
public:
    using rondo_awaitable = void;

    explicit sleep_awaiter(nanoseconds delay) noexcept : delay_(delay) {}
    explicit sleep_awaiter(time_point until) noexcept : until_(until), absolute_(true) {}
    sleep_awaiter(sleep_awaiter&& other) noexcept
        : waiter(std::move(other)),
          delay_(other.delay_),
          until_(other.until_),
          absolute_(other.absolute_) {}
    ~sleep_awaiter();

    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept;
    void await_resume() { throw_if_cancelled_meanwhile(); }
    cancel_answer cancel() noexcept override;
    void expire() noexcept override { wake(); }
    const char* operation() const noexcept override { return "sleep"; }

private:
    void set_timer();

    nanoseconds delay_{};
    time_point until_ = time_point::max();
    bool absolute_ = false;
    bool yields_ = false;
    loop_core* loop_ = nullptr;
};

template <class T>
class sleep_with_result : public sleep_awaiter {
public:
    sleep_with_result(nanoseconds delay, T result)
        : sleep_awaiter(delay), result_(std::move(result)) {}
    T await_resume() {
        throw_if_cancelled_meanwhile();
        return std::move(result_);
    }

private:
    T result_;
};

}  // namespace detail

/// Suspends the task for at least `delay`; zero or negative lets every other ready task run once.
/// Returns: nothing, or `result`. Throws: invalid_argument for NaN. Cancellation: wakes at once,
/// the timer is gone. Fairness: always yields. Threads: the loop's.
template <class Rep, class Period>
[[nodiscard("sleep() begins when it is awaited: co_await it")]] auto sleep(
    std::chrono::duration<Rep, Period> delay) {
    return detail::sleep_awaiter(detail::to_nanoseconds(delay));
}
template <class Rep, class Period, class T>
[[nodiscard("sleep() begins when it is awaited: co_await it")]] auto sleep(
    std::chrono::duration<Rep, Period> delay, T result) {
    return detail::sleep_with_result<T>(detail::to_nanoseconds(delay), std::move(result));
}

/// The same until a moment on the loop's clock.
[[nodiscard]] inline auto sleep_until(time_point when) { return detail::sleep_awaiter(when); }

/// Suspends until cancelled.
[[nodiscard]] inline auto sleep_forever() { return detail::sleep_awaiter(time_point::max()); }

/// Lets every other ready task run once; `sleep(0s)`.
/// Returns: nothing. Throws: cancelled_error. Cancellation: a pending one is thrown. Fairness:
/// always yields. Threads: the loop's.
[[nodiscard]] inline auto yield_now() { return detail::yield_awaiter(); }

/// Throws cancelled_error when a cancellation is pending, and does nothing otherwise: for long
/// computations. Returns: nothing. Cancellation: this is where it comes. Fairness: never yields.
/// Threads: the loop's.
[[nodiscard]] inline auto checkpoint() { return detail::checkpoint_awaiter(); }

}  // namespace rondo
