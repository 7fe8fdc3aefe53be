// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/gather.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

/// What became of a staggered_race.
template <class T>
struct staggered_result {
    std::optional<detail::kept_result_t<T>> value;  // the winner's; nothing when all failed
    std::optional<std::size_t> index;               // the winner's
    std::vector<std::exception_ptr> exceptions;     // of all that were started; null for the winner
};

namespace detail {

/// Waits until the last of `started` has failed, one of them has won, or the delay is over.
coro<void> wait_for_turn(join_awaiter::members started, std::optional<nanoseconds> delay);
/// Waits until one has won or all have failed; then cancels the others, which run in `inside`, and
/// waits for them. Gives the winner's index.
coro<std::optional<std::size_t>> wait_for_winner(join_awaiter::members started, scope_core& inside);
bool somebody_won(const join_awaiter::members& started) noexcept;

template <class F>
using staggered_value_t = typename std::remove_cvref_t<std::invoke_result_t<F&>>::value_type;

template <class F>
auto run_staggered(std::vector<F> starts, std::optional<nanoseconds> delay)
    -> coro<staggered_result<staggered_value_t<F>>> {
    using value_type = staggered_value_t<F>;
    scope_core inside;
    inside.enter("staggered_race");
    std::vector<running_argument<task<value_type>>> started;
    started.reserve(starts.size());
    join_awaiter::members members;
    members.reserve(starts.size());
    // Its memory is for the wait for all, should there be none by then.
    join_awaiter room("staggered_race", join_awaiter::members(starts.size()), join_until::all_done);
    std::optional<std::size_t> winner;
    std::exception_ptr error;
    try {
        for (F& start : starts) {
            started.push_back(detail::start_argument(start(), inside));
            members.push_back(core_ref<future_core>::share(started.back().core()));
            if (started.size() < starts.size()) {
                co_await detail::wait_for_turn(members, delay);
            }
            if (detail::somebody_won(members)) {
                break;
            }
        }
        winner = co_await detail::wait_for_winner(members, inside);
    } catch (...) {
        error = std::current_exception();
    }
    if (error) {
        inside.cancel("race has failed");  // short, so that it needs no memory
        co_await join_awaiter(insist(), room, std::move(members));
        std::rethrow_exception(error);
    }
    staggered_result<value_type> result;
    result.index = winner;
    for (std::size_t i = 0; i < started.size(); ++i) {
        // A result is moved out when it is taken, and the winner's is wanted.
        result.exceptions.push_back(i == winner ? nullptr : started[i].take_outcome().error());
    }
    if (winner) {
        result.value.emplace(started[*winner].take_value());
    }
    co_return std::move(result);
}

template <class R>
auto staggered_race_of(R&& starts, std::optional<nanoseconds> delay) {
    using start_type = std::remove_cvref_t<decltype(*std::begin(starts))>;
    static_assert(coroutine_function<start_type&>,
                  "staggered_race() takes a range of functions that return a coro");
    std::vector<start_type> kept;
    for (auto&& start : starts) {
        if constexpr (std::is_lvalue_reference_v<R>) {
            kept.push_back(start);
        } else {
            kept.push_back(std::move(start));
        }
    }
    return detail::run_staggered(std::move(kept), delay);
}

}  // namespace detail

/// asyncio's staggered_race: starts coroutine functions one after the other, each when the one
/// before has failed or `delay` after it was started, until one succeeds. The others are cancelled
/// and waited for. RFC 8305 makes connections like this.
///
/// Returns: staggered_result: the winner's value and index, and the errors of all that were
/// started. Throws: never what the functions throw once they run. Cancellation: of all that run,
/// which are waited for. Fairness: yields, unless the range is empty. Threads: the loop's.
template <class R, class Rep, class Period>
auto staggered_race(R&& starts, std::chrono::duration<Rep, Period> delay) {
    return detail::staggered_race_of(std::forward<R>(starts), detail::to_nanoseconds(delay));
}
/// The same, but each is started only when the one before has failed.
template <class R>
auto staggered_race(R&& starts, std::nullopt_t) {
    return detail::staggered_race_of(std::forward<R>(starts), std::nullopt);
}

}  // namespace rondo
