// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/config.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/scope_core.hpp>

#include <concepts>
#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace rondo {

namespace detail {

/// Something with awaitable aenter() and aexit(exception_ptr) -> bool.
template <class M>
concept async_manager = requires(M& m, std::exception_ptr error) {
    { m.aenter() } -> awaitable;
    { m.aexit(error) } -> awaitable;
};

/// Managers that decide themselves what a cancellation means for their exit.
template <class M>
concept exits_unshielded = requires { typename M::exits_unshielded; };

/// Hides cancellation for the length of a C++ scope.
class shielded {
public:
    shielded() {
        scope_.set_shield(true);
        scope_.enter("a shielded scope");
    }
    shielded(const shielded&) = delete;
    shielded& operator=(const shielded&) = delete;
    ~shielded() = default;  // the scope leaves its task by itself

private:
    scope_core scope_;
};

/// A callable that an awaited function keeps: temporaries by value, named ones by reference.
/// GCC 12 and 13 destroy a temporary closure twice, so one that needs destruction is refused.
template <class F>
constexpr void check_callable() {
    if constexpr (RONDO_CLOSURE_TEMPORARIES_BREAK && !std::is_lvalue_reference_v<F>) {
        static_assert(
            std::is_trivially_destructible_v<F>,
            "this compiler destroys a temporary lambda with non-trivial captures twice when it "
            "stands in a co_await expression: give the lambda a name first (auto body = "
            "[...]...;) and pass that name, or capture by reference ([&]) where what it refers to "
            "lives longer than the lambda");
    }
}

/// A manager that an awaited function keeps in the same way: the same compilers destroy a temporary
/// aggregate twice.
template <class M>
constexpr void check_manager() {
    if constexpr (RONDO_CLOSURE_TEMPORARIES_BREAK && !std::is_lvalue_reference_v<M>) {
        static_assert(!std::is_aggregate_v<M> || std::is_trivially_destructible_v<M>,
                      "this compiler destroys a temporary aggregate twice when it stands in a "
                      "co_await expression: give the manager a name first, and pass that name to "
                      "with(), or give its class a constructor");
    }
}

/// GCC 12 and 13 destroy some arguments of a call in a co_await expression twice (config.hpp).
template <class... Args>
constexpr void check_arguments() {
    if constexpr (RONDO_CLOSURE_TEMPORARIES_BREAK) {
        static_assert(
            ((std::is_lvalue_reference_v<Args> || std::is_trivially_destructible_v<Args> ||
              !std::is_aggregate_v<Args>) &&
             ...),
            "this compiler destroys a temporary aggregate twice when it stands in a co_await "
            "expression: give the argument a name and pass it by that name, which copies it "
            "(std::move is refused too), or give its class a constructor");
    }
}

template <class F, class Target>
decltype(auto) call_body(F& body, Target& target) {
    if constexpr (std::is_invocable_v<F&, Target&>) {
        return body(target);
    } else {
        static_assert(std::is_invocable_v<F&>,
                      "the body of with() takes what the manager gives, by reference, or nothing");
        return body();
    }
}

template <class M>
using entered_t = awaitable_result_t<decltype(std::declval<M&>().aenter())>;
template <class M>
using target_t =
    std::conditional_t<std::is_void_v<entered_t<M>>, M, std::remove_reference_t<entered_t<M>>>;
template <class F, class Target>
using body_result_t =
    awaitable_result_t<decltype(detail::call_body(std::declval<F&>(), std::declval<Target&>()))>;

[[noreturn]] void throw_swallowed_without_value();

template <class M>
coro<bool> leave_manager(M& manager, const std::exception_ptr& error) {
    std::optional<shielded> shield;
    if constexpr (!exits_unshielded<M>) {
        shield.emplace();
    }
    co_return co_await manager.aexit(error);
}

/// An exit that is made before the body begins, since afterwards there might be no memory for it.
/// A frame that is destroyed inside the body has no use for it, and has not forgotten it.
class prepared_exit {
public:
    explicit prepared_exit(coro<bool> exit) noexcept : exit_(std::move(exit)) {}
    prepared_exit(const prepared_exit&) = delete;
    prepared_exit& operator=(const prepared_exit&) = delete;
    ~prepared_exit() { exit_.close(); }
    coro<bool>& get() noexcept { return exit_; }

private:
    coro<bool> exit_;
};

/// Runs the body and always the exit, and says how the body ended.
template <class M, class F, class Target>
auto run_with(M& manager, F& body, Target& target) -> coro<body_result_t<F, Target>> {
    using result = body_result_t<F, Target>;
    std::exception_ptr error;
    prepared_exit leaving(detail::leave_manager(manager, error));
    std::optional<regular_t<result>> value;
    try {
        if constexpr (std::is_void_v<result>) {
            co_await detail::call_body(body, target);
            value.emplace();
        } else {
            value.emplace(co_await detail::call_body(body, target));
        }
    } catch (...) {
        error = std::current_exception();
    }
    const bool swallowed = co_await leaving.get();
    if (error && !swallowed) {
        std::rethrow_exception(std::move(error));
    }
    if constexpr (!std::is_void_v<result>) {
        if (!value) {
            throw_swallowed_without_value();
        }
        co_return std::move(*value);
    }
}

/// The coroutine behind with().
template <class M, class F>
auto with_manager(M manager, F body) -> coro<body_result_t<F, target_t<std::decay_t<M>>>> {
    using manager_type = std::decay_t<M>;
    if constexpr (std::is_void_v<entered_t<manager_type>>) {
        co_await manager.aenter();
        co_return co_await detail::run_with(manager, body, manager);
    } else {
        auto&& target = co_await manager.aenter();
        co_return co_await detail::run_with(manager, body, target);
    }
}

}  // namespace detail

/// `async with manager as x: body`.
///
///     co_await rondo::with(rondo::task_group(), [&](rondo::task_group& tg) -> rondo::coro<void> {
///         tg.create_task(fetch(a));
///         tg.create_task(fetch(b));
///         co_return;
///     });
///
/// The manager's `aenter()` is awaited first; the body is called with what that gives (with the
/// manager itself if it gives nothing; or without arguments, if it takes none); then `aexit(error)`
/// is awaited whatever happened in the body, shielded from cancellation; if it answers true the
/// error ends here. Temporaries are owned until then, named managers and bodies are referred to.
///
/// Returns: what the body returns. Throws: what the body or the manager throws. Cancellation: the
/// body's awaits; never the exit's, except for scopes and groups. Fairness: yields only if an await
/// inside does. Threads: the loop's.
template <class M, class F>
    requires detail::async_manager<std::remove_reference_t<M>>
auto with(M&& manager, F&& body) {
    detail::check_manager<M>();
    detail::check_callable<F>();
    return detail::with_manager<M, F>(std::forward<M>(manager), std::forward<F>(body));
}

}  // namespace rondo
