// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/future.hpp>
#include <rondo/core/task.hpp>

#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo::detail {

template <class A>
concept task_or_future = is_task_v<std::remove_cvref_t<A>> || is_future_v<std::remove_cvref_t<A>>;

template <class R>
concept range_of_awaitables = !awaitable<R> && requires(R& r) {
    std::begin(r);
    std::end(r);
    requires awaitable<decltype(*std::begin(r))>;
};

/// An argument of wait_for, gather and their kin, kept: a coroutine is taken over, even from an
/// lvalue, since it can be awaited only once; handles are copied; other awaitables become
/// coroutines. A coroutine that cannot run is refused here, before another argument is started.
template <class T>
coro<T> as_argument(coro<T>& c) {
    static_cast<void>(detail::unused_promise(c));
    return std::move(c);
}
template <class T>
coro<T> as_argument(coro<T>&& c) {
    return detail::as_argument(c);
}
template <task_or_future A>
std::remove_cvref_t<A> as_argument(A&& handle) {
    return handle;
}
template <class A>
    requires plain_awaitable<std::remove_cvref_t<A>>
auto as_argument(A&& other) {
    static_assert(std::is_constructible_v<std::remove_cvref_t<A>, A>,
                  "this awaitable cannot be moved: put it into a coroutine of its own");
    return detail::await_one<std::remove_cvref_t<A>>(std::forward<A>(other));
}

template <class R>
auto as_arguments(R&& range) {
    using argument = decltype(detail::as_argument(*std::begin(range)));
    std::vector<argument> arguments;
    for (auto&& item : range) {
        arguments.push_back(detail::as_argument(item));
    }
    return arguments;
}

template <class A>
inline constexpr bool keeps_result = false;
template <task_or_future A>
inline constexpr bool keeps_result<A> =
    std::is_void_v<typename A::value_type> || std::is_copy_constructible_v<typename A::value_type>;

/// For `co_await` of an argument. Others may hold handles of a task or future too, so its result is
/// copied when it can be, not moved out.
template <class A>
auto as_awaited(A& argument) noexcept -> std::conditional_t<keeps_result<A>, A&, A&&> {
    return static_cast<std::conditional_t<keeps_result<A>, A&, A&&>>(argument);
}

}  // namespace rondo::detail
