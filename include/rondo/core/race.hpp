// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/gather.hpp>

#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

namespace rondo {

namespace detail {

/// Waits for the first that is done, then cancels our own others, which run in `inside`, and waits
/// for them. Gives its index.
coro<std::size_t> wait_for_first(joined members, scope_core& inside);

template <class Result, std::size_t I, class Started>
void take_if(std::optional<Result>& result, std::size_t winner, Started& started) {
    if (winner == I) {
        result.emplace(std::in_place_index<I>, std::get<I>(started).take_value());
    }
}

template <class... A>
auto race_arguments(A... arguments)
    -> coro<std::variant<kept_result_t<typename A::value_type>...>> {
    using result = std::variant<kept_result_t<typename A::value_type>...>;
    scope_core inside;
    inside.enter("race");
    std::tuple started{detail::start_argument(std::move(arguments), inside)...};
    joined members;
    std::apply([&](auto&... s) { (members.add(s), ...); }, started);
    const std::size_t winner = co_await detail::wait_for_first(std::move(members), inside);
    std::optional<result> value;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (detail::take_if<result, I>(value, winner, started), ...);
    }(std::index_sequence_for<A...>());
    co_return std::move(*value);
}

}  // namespace detail

/// The first of the arguments that is done wins. Coroutines that lose are cancelled and waited for;
/// tasks and futures that lose are left alone, and what they give stays theirs.
///
///     auto winner = co_await rondo::race(fetch(mirror_a), fetch(mirror_b));  // std::variant
///
/// Of several that are done already the first argument wins. What a losing coroutine returns or
/// throws is dropped: give what must not get lost to create_task() first.
///
/// Returns: a variant whose index says who won. Throws: the winner's error. Cancellation: our own
/// are cancelled and waited for. Fairness: yields, unless a task or future is done already and no
/// coroutine was passed. Threads: the loop's.
template <awaitable... A>
    requires(sizeof...(A) > 0)
auto race(A&&... arguments) {
    return detail::race_arguments(detail::as_argument(std::forward<A>(arguments))...);
}

}  // namespace rondo
