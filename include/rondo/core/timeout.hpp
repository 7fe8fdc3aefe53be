// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/cancel_scope.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <utility>

namespace rondo {

/// asyncio.timeout: what takes longer is cancelled, and `timeout_error` is thrown where the block
/// ends. Nested timeouts, outer cancellation and the body's own errors keep their meaning.
///
///     co_await rondo::with(rondo::timeout(2s), [&]() -> rondo::coro<void> { co_await work(); });
class timeout : public detail::scope_manager {
public:
    /// Never, until rescheduled.
    explicit timeout(std::nullopt_t) {}
    template <class Rep, class Period>
    explicit timeout(std::chrono::duration<Rep, Period> delay)
        : when_(detail::deadline_after(detail::to_nanoseconds(delay))) {}
    /// At a moment on the loop's clock.
    explicit timeout(time_point when) : when_(when) {}

    /// When it is due; nullopt means never.
    std::optional<time_point> when() const noexcept { return when_; }
    /// Moves the deadline; only while the block runs, else runtime_error.
    void reschedule(std::optional<time_point> when);
    /// Whether the deadline passed while the block ran.
    bool expired() const noexcept { return scope_.cancel_called(); }

    detail::immediate<void> aenter();
    detail::immediate<bool> aexit(const std::exception_ptr& error);

private:
    std::optional<time_point> when_;
};

inline timeout timeout_at(std::optional<time_point> when) {
    return when ? timeout(*when) : timeout(std::nullopt);
}

namespace detail {

template <class F>
auto fail_at(time_point deadline, F body) -> coro<body_result_t<F, timeout>> {
    timeout limit(deadline);
    co_return co_await rondo::with(limit, body);
}

}  // namespace detail

/// Runs `body()` and throws timeout_error if it takes longer.
/// Returns: what the body returns. Throws: timeout_error; what the body throws. Cancellation,
/// Fairness, Threads: as the body.
template <class Rep, class Period, class F>
auto fail_after(std::chrono::duration<Rep, Period> delay, F&& body) {
    detail::check_callable<F>();
    return detail::fail_at<F>(detail::deadline_after(detail::to_nanoseconds(delay)),
                              std::forward<F>(body));
}

}  // namespace rondo
