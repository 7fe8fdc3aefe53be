// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/detail/immediate.hpp>
#include <rondo/core/detail/scope_core.hpp>
#include <rondo/core/detail/temporaries.hpp>

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

/// A coroutine that is made before it is known whether it will run, since later there might be no
/// memory for it. One that is not awaited was not forgotten.
template <class T>
class prepared {
public:
    explicit prepared(coro<T> made) noexcept : made_(std::move(made)) {}
    prepared(const prepared&) = delete;
    prepared& operator=(const prepared&) = delete;
    ~prepared() { made_.close(); }
    coro<T>&& get() noexcept { return std::move(made_); }

private:
    coro<T> made_;
};

/// A manager whose exit does not have to wait is left also by a coroutine that is destroyed inside
/// the body.
template <class M>
concept exits_at_once =
    !exits_unshielded<M> &&
    std::same_as<decltype(std::declval<M&>().aexit(std::exception_ptr())), immediate<bool>>;

template <class M>
class destroyed_inside {
public:
    explicit destroyed_inside(M& manager) noexcept : manager_(&manager) {}
    destroyed_inside(const destroyed_inside&) = delete;
    destroyed_inside& operator=(const destroyed_inside&) = delete;
    ~destroyed_inside() {
        if constexpr (exits_at_once<M>) {
            if (manager_ != nullptr) [[unlikely]] {
                leave();
            }
        }
    }
    void body_ended() noexcept { manager_ = nullptr; }

private:
    void leave() noexcept {
        try {
            static_cast<void>(manager_->aexit(nullptr));
        } catch (...) {  // nobody would hear of it
        }
    }

    M* manager_;
};

/// Runs the body and always the exit, and says how the body ended.
template <class M, class F, class Target>
auto run_with(M& manager, F& body, Target*& target, prepared<bool>& leaving,
              std::exception_ptr& error) -> coro<body_result_t<F, Target>> {
    using result = body_result_t<F, Target>;
    result_slot<result> value;
    destroyed_inside<M> inside(manager);
    try {
        if constexpr (std::is_void_v<result>) {
            co_await detail::call_body(body, *target);
            value.set();
        } else {
            value.set(co_await detail::call_body(body, *target));
        }
    } catch (...) {
        error = std::current_exception();
    }
    inside.body_ended();
    const bool swallowed = co_await leaving.get();
    if (error && !swallowed) {
        std::rethrow_exception(std::move(error));
    }
    if constexpr (!std::is_void_v<result>) {
        if (!value.has_value()) {
            throw_swallowed_without_value();
        }
        co_return value.take();
    }
}

/// The coroutine behind with(). All that is needed once the manager is entered is made before.
template <class M, class F>
auto with_manager(M manager, F body) -> coro<body_result_t<F, target_t<std::decay_t<M>>>> {
    using manager_type = std::decay_t<M>;
    using target_type = target_t<manager_type>;
    target_type* target = nullptr;
    std::exception_ptr error;
    prepared<bool> leaving(detail::leave_manager(manager, error));
    prepared<body_result_t<F, target_type>> rest(
        detail::run_with(manager, body, target, leaving, error));
    if constexpr (std::is_void_v<entered_t<manager_type>>) {
        co_await manager.aenter();
        target = __builtin_addressof(manager);
        co_return co_await rest.get();
    } else {
        auto&& entered = co_await manager.aenter();
        target = __builtin_addressof(entered);
        co_return co_await rest.get();
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
