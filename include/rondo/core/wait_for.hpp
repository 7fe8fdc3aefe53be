// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/detail/argument.hpp>
#include <rondo/core/detail/inner_await.hpp>
#include <rondo/core/sleep.hpp>

#include <coroutine>
#include <exception>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace rondo {

namespace detail {

/// How often cancel() of the running task was called; -1 when a cancellation is pending.
int requests_before_expiry();
/// Throws timeout_error unless somebody outside wants the cancellation `error` too.
void end_expired_wait(const std::exception_ptr& error, int requests_before);

/// The limit has passed already, and `inner` runs.
template <task_or_future A>
auto wait_for_expired(A inner) -> coro<passed_result_t<A>> {
    const int before = requests_before_expiry();
    inner.cancel();
    try {
        co_return co_await detail::as_awaited(inner);
    } catch (...) {
        end_expired_wait(std::current_exception(), before);
        throw;
    }
}

/// The same, and nothing runs that could be cancelled. Others do: a loop of such calls must not
/// stop them, and has to hear of its own cancellation.
template <class T>
coro<T> throw_expired() {
    co_await yield_now();
    throw timeout_error();
}

/// Awaits `inner` within a scope of its own. No coroutine, since most waits end in time: then all
/// that it costs is the scope, and the timer if `inner` had to wait at all.
template <class A>
class [[nodiscard("wait_for() begins when it is awaited: co_await it")]] wait_for_awaiter {
public:
    using rondo_awaitable = void;
    using value_type = passed_result_t<A>;

    wait_for_awaiter(A inner, nanoseconds limit) noexcept
        : limit_(limit), inner_(std::move(inner)) {}
    /// Until it is awaited.
    wait_for_awaiter(wait_for_awaiter&& other) noexcept
        : limit_(other.limit_), inner_(std::move(other.inner_)) {}

    bool await_ready() {
        if (limit_ <= nanoseconds::zero() && !is_done()) {
            return start_expired();
        }
        scope_.enter("wait_for");
        scope_.note_deadline(deadline_after(limit_));
        try {
            return awaiter_.emplace(inner_).it.await_ready();
        } catch (...) {
            scope_.leave(nullptr);
            throw;
        }
    }
    void await_suspend(std::coroutine_handle<> handle) noexcept {
        if (expired_) {
            expired_->await_suspend(handle);
            return;
        }
        awaiter_->it.await_suspend(handle);
        try {
            scope_.arm();
        } catch (const std::bad_alloc&) {
            no_timer_ = true;
            scope_.cancel("no timer");  // short, so that it needs no memory
        }
    }
    value_type await_resume() {
        if (expired_) {
            return expired_->await_resume();
        }
        std::exception_ptr error;
        try {
            return leave_with_result();
        } catch (...) {
            error = std::current_exception();
        }
        if (scope_.leave(error)) {
            no_timer_ ? throw std::bad_alloc() : throw timeout_error();
        }
        std::rethrow_exception(std::move(error));
    }

private:
    /// What `co_await` makes of the argument, made in place: it cannot be moved.
    struct inner_awaiter {
        explicit inner_awaiter(A& inner) : it(detail::get_awaiter(detail::as_awaited(inner))) {}
        decltype(detail::get_awaiter(detail::as_awaited(std::declval<A&>()))) it;
    };

    bool is_done() const noexcept {
        if constexpr (requires { inner_.done(); }) {
            return inner_.done();
        } else {
            return false;
        }
    }
    /// A coroutine is not even started.
    bool start_expired() {
        if constexpr (task_or_future<A>) {
            expired_ = rondo::make_box<inner_await<value_type>>(
                detail::wait_for_expired(std::move(inner_)));
        } else {
            if constexpr (is_coro_v<A>) {
                inner_.close();
            }
            expired_ =
                rondo::make_box<inner_await<value_type>>(detail::throw_expired<value_type>());
        }
        return expired_->await_ready();
    }
    /// The scope is left last: to copy the result may throw.
    value_type leave_with_result() {
        if constexpr (std::is_void_v<value_type>) {
            awaiter_->it.await_resume();
            scope_.leave(nullptr);
        } else {
            value_type value = awaiter_->it.await_resume();
            scope_.leave(nullptr);
            return value;
        }
    }

    nanoseconds limit_;
    bool no_timer_ = false;
    scope_core scope_;
    A inner_;
    std::optional<inner_awaiter> awaiter_;
    box<inner_await<value_type>> expired_;
};

/// An argument, kept. What knows whether it is done, a shield among them, stays as it is.
template <class A>
auto as_limited(A&& inner) {
    if constexpr (requires { inner.done(); }) {
        return std::remove_cvref_t<A>(std::forward<A>(inner));
    } else {
        return as_argument(std::forward<A>(inner));
    }
}

}  // namespace detail

/// asyncio.wait_for: awaits `inner` in this task, for at most that long; then it is cancelled,
/// waited for, and timeout_error is thrown. What ends in time wins: its value is never lost. With
/// zero or less, a coroutine does not start, and a task that is not done is cancelled.
///
/// Returns: inner's result. Throws: timeout_error; inner's errors. Cancellation: passed to inner.
/// Fairness: as inner; yields when the limit is zero and inner is not done. Threads: the loop's.
template <awaitable A, class Rep, class Period>
auto wait_for(A&& inner, std::chrono::duration<Rep, Period> limit) {
    return detail::wait_for_awaiter(detail::as_limited(std::forward<A>(inner)),
                                    detail::to_nanoseconds(limit));
}
/// Without a limit: a plain await.
template <awaitable A>
auto wait_for(A&& inner, std::nullopt_t) {
    return detail::wait_for_awaiter(detail::as_limited(std::forward<A>(inner)), nanoseconds::max());
}

}  // namespace rondo
