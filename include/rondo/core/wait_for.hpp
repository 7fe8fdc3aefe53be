// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/argument.hpp>
#include <rondo/core/cancel.hpp>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace rondo {

namespace detail {

template <class A>
using wait_for_result_t = std::decay_t<awaitable_result_t<A>>;

/// Throws timeout_error unless somebody outside wants the cancellation `error` too.
void end_expired_wait(const std::exception_ptr& error, int cancelling_before);

/// The limit has passed already: a coroutine is not even started.
template <class T>
coro<T> wait_for_expired(coro<T> inner) {
    inner.close();
    throw timeout_error();
    co_return co_await std::move(inner);
}
template <task_or_future A>
auto wait_for_expired(A inner) -> coro<wait_for_result_t<A>> {
    const int before = running_task("wait_for").cancelling();
    inner.cancel();
    try {
        co_return co_await as_awaited(inner);
    } catch (...) {
        end_expired_wait(std::current_exception(), before);
        throw;
    }
}

template <class A>
auto wait_for_limited(A inner, nanoseconds limit) -> coro<wait_for_result_t<A>> {
    if (limit <= nanoseconds::zero()) {
        if constexpr (task_or_future<A>) {
            if (inner.done()) {
                co_return co_await as_awaited(inner);
            }
        }
        co_return co_await wait_for_expired(std::move(inner));
    }
    scope_core scope;
    scope.set_deadline(deadline_after(limit));
    scope.enter("wait_for");
    std::exception_ptr error;
    try {
        if constexpr (std::is_void_v<wait_for_result_t<A>>) {
            co_await as_awaited(inner);
            scope.leave(nullptr);
            co_return;
        } else {
            auto&& value = co_await as_awaited(inner);
            scope.leave(nullptr);
            co_return static_cast<wait_for_result_t<A>>(std::forward<decltype(value)>(value));
        }
    } catch (...) {
        error = std::current_exception();
    }
    if (scope.leave(error)) {
        throw timeout_error();
    }
    std::rethrow_exception(std::move(error));
}

}  // namespace detail

/// asyncio.wait_for: awaits `inner` in this task, for at most that long; then it is cancelled,
/// waited for, and timeout_error is thrown. What ends in time wins: its value is never lost. With
/// zero or less, a coroutine does not start, and a task that is not done is cancelled.
///
/// Returns: inner's result. Throws: timeout_error; inner's errors. Cancellation: passed to inner.
/// Fairness: as inner. Threads: the loop's.
template <awaitable A, class Rep, class Period>
auto wait_for(A&& inner, std::chrono::duration<Rep, Period> limit) {
    return detail::wait_for_limited(detail::as_argument(std::forward<A>(inner)),
                                    detail::to_nanoseconds(limit));
}
/// Without a limit: a plain await.
template <awaitable A>
auto wait_for(A&& inner, std::nullopt_t) {
    return detail::wait_for_limited(detail::as_argument(std::forward<A>(inner)),
                                    nanoseconds::max());
}

}  // namespace rondo
