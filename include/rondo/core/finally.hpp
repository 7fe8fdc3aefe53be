// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/immediate.hpp>
#include <rondo/core/with.hpp>

#include <exception>
#include <type_traits>
#include <utility>

namespace rondo {

namespace detail {

/// Enters nothing, and cleans up at the exit.
template <class C>
class finally_manager {
public:
    explicit finally_manager(C&& cleanup) : cleanup_(std::forward<C>(cleanup)) {}
    auto aenter() { return immediate<void>(); }
    coro<bool> aexit(std::exception_ptr) {
        if constexpr (awaitable<std::invoke_result_t<C&>>) {
            co_await cleanup_();
        } else {
            static_cast<void>(cleanup_());
        }
        co_return false;
    }

private:
    C cleanup_;
};

/// A coroutine as a body for with().
template <class T>
class coro_body {
public:
    explicit coro_body(coro<T> body) noexcept : body_(std::move(body)) {}
    coro<T> operator()() { return std::move(body_); }

private:
    coro<T> body_;
};

}  // namespace detail

/// `try: body finally: cleanup`, for clean-up that has to await. The body is a coroutine function
/// or a coroutine; the clean-up is called without arguments, and awaited if it is a coroutine
/// function.
///
///     connection c = co_await open();
///     co_await rondo::finally_(use(c), [&]() -> rondo::coro<void> { co_await c.close(); });
///
/// Both may refer to locals of the caller, which waits here.
/// Returns: what the body returns. Throws: what the clean-up throws, else what the body throws.
/// Cancellation: the body's awaits; the clean-up always runs, shielded. Fairness: as body and
/// clean-up. Threads: the loop's.
template <class B, class C>
auto finally_(B&& body, C&& cleanup) {
    static_assert(std::is_invocable_v<std::remove_reference_t<C>&>,
                  "finally_(body, cleanup): cleanup is a function without parameters");
    detail::check_callable<C>();
    using manager = detail::finally_manager<C>;
    if constexpr (detail::is_coro_v<std::remove_cvref_t<B>>) {
        using body_type = detail::coro_body<typename std::remove_cvref_t<B>::value_type>;
        return detail::with_manager<manager, body_type>(manager(std::forward<C>(cleanup)),
                                                        body_type(std::move(body)));
    } else {
        detail::check_callable<B>();
        return detail::with_manager<manager, B>(manager(std::forward<C>(cleanup)),
                                                std::forward<B>(body));
    }
}

}  // namespace rondo
