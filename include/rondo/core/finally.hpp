// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/detail/immediate.hpp>
#include <rondo/core/with.hpp>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace rondo {

namespace detail {

/// Enters nothing, and cleans up at the exit, for which all is made before the body begins.
template <class C>
class finally_manager {
    using cleaned = std::invoke_result_t<C&>;
    static constexpr bool is_coroutine = is_coro_v<std::remove_cvref_t<cleaned>>;

public:
    explicit finally_manager(C&& cleanup) : cleanup_(std::forward<C>(cleanup)) {}
    /// Before it is entered.
    finally_manager(finally_manager&& other) : cleanup_(std::forward<C>(other.cleanup_)) {}
    finally_manager& operator=(finally_manager&&) = delete;

    immediate<void> aenter() {
        if constexpr (is_coroutine) {
            made_.emplace(cleanup_());
        }
        exit_.emplace(clean_up());
        return {};
    }
    coro<bool> aexit(const std::exception_ptr&) { return exit_->get(); }

private:
    coro<bool> clean_up() {
        if constexpr (is_coroutine) {
            co_await made_->get();
        } else if constexpr (awaitable<cleaned>) {
            co_await cleanup_();
        } else {
            static_cast<void>(cleanup_());
        }
        co_return false;
    }

    template <class Made>
    struct prepared_as {
        using type = prepared<typename std::remove_cvref_t<Made>::value_type>;
    };
    struct nothing {
        using type = std::monostate;
    };

    C cleanup_;
    std::optional<typename std::conditional_t<is_coroutine, prepared_as<cleaned>, nothing>::type>
        made_;
    std::optional<prepared<bool>> exit_;
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
/// function: then the call comes before the body, so that there is memory for it afterwards.
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
