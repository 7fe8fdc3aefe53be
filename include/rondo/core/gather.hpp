// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/future.hpp>
#include <rondo/core/join.hpp>
#include <rondo/core/outcome.hpp>
#include <rondo/core/result_slot.hpp>
#include <rondo/core/task.hpp>

#include <exception>
#include <iterator>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

/// Lets `gather` collect errors as values instead of throwing the first.
struct return_exceptions_t {
    explicit return_exceptions_t() = default;
};
inline constexpr return_exceptions_t return_exceptions{};

namespace detail {

template <class A>
concept task_or_future = is_task_v<std::remove_cvref_t<A>> || is_future_v<std::remove_cvref_t<A>>;

template <class R>
concept range_of_awaitables = !awaitable<R> && requires(R& r) {
    std::begin(r);
    std::end(r);
    requires awaitable<decltype(*std::begin(r))>;
};

/// One argument of gather and its kin, kept: a coroutine is taken over, even from an lvalue, since
/// it can be awaited only once; handles are copied; other awaitables become coroutines.
template <class T>
coro<T> as_argument(coro<T>& c) {
    return std::move(c);
}
template <class T>
coro<T> as_argument(coro<T>&& c) {
    return std::move(c);
}
template <task_or_future A>
std::remove_cvref_t<A> as_argument(A&& handle) {
    return handle;
}
template <class A>
    requires(awaitable<A> && !task_or_future<A> && !is_coro_v<std::remove_cvref_t<A>>)
auto as_argument(A&& other) {
    static_assert(std::is_move_constructible_v<std::remove_cvref_t<A>>,
                  "this awaitable cannot be moved: put it into a coroutine of its own");
    return [](std::remove_cvref_t<A> inner) -> coro<std::decay_t<awaitable_result_t<A>>> {
        co_return co_await std::move(inner);
    }(std::forward<A>(other));
}

/// The handle of a running argument, and whether the group of arguments owns it.
template <class Handle>
struct running_argument {
    running_argument(Handle h, bool is_own) : handle(std::move(h)), own(is_own) {}
    Handle handle;
    bool own;

    using value_type = typename Handle::value_type;

    /// The value; moved out of what is our own.
    regular_t<value_type> take_value() {
        if constexpr (std::is_void_v<value_type>) {
            handle.core().check_value();
            return {};
        } else if constexpr (std::is_copy_constructible_v<value_type>) {
            return own ? value_type(std::move(handle.result())) : value_type(handle.result());
        } else {
            return std::move(handle.result());
        }
    }
    outcome<value_type> take_outcome() {
        if (handle.core().state() == future_state::value) {
            return outcome<value_type>(take_value());
        }
        auto error = handle.core().error();
        return outcome<value_type>(error ? error : std::make_exception_ptr(cancelled_error()));
    }
};

template <class T>
running_argument<task<T>> start_argument(coro<T>&& c) {
    return running_argument<task<T>>(create_task(std::move(c)), true);
}
template <task_or_future A>
running_argument<std::remove_cvref_t<A>> start_argument(A&& handle) {
    return running_argument<std::remove_cvref_t<A>>(handle, false);
}

/// What gather has to wait for.
struct joined {
    join_awaiter::members all;
    join_awaiter::members own;
    template <class Handle>
    void add(const running_argument<Handle>& argument) {
        all.push_back(core_ref<future_core>::share(argument.handle.core()));
        if (argument.own) {
            own.push_back(all.back());
        }
    }
};

/// Waits until all are done. On the first failure, unless errors are collected, or on cancellation:
/// cancels our own, waits for them, and throws.
coro<void> wait_for_joined(joined members, bool collect_errors);
void cancel_all(const join_awaiter::members& members) noexcept;
/// Cancels and waits for those; a cancellation meanwhile does not end the wait.
coro<void> cancel_and_wait_for(join_awaiter::members own);

template <class... A>
auto gather_values(A... arguments)
    -> coro<std::tuple<regular_t<typename A::value_type>...>> {
    std::tuple started{start_argument(std::move(arguments))...};
    joined members;
    std::apply([&](auto&... s) { (members.add(s), ...); }, started);
    co_await wait_for_joined(std::move(members), false);
    co_return std::apply(
        [](auto&... s) {
            return std::tuple<regular_t<typename A::value_type>...>(s.take_value()...);
        },
        started);
}

template <class... A>
auto gather_outcomes(A... arguments) -> coro<std::tuple<outcome<typename A::value_type>...>> {
    std::tuple started{start_argument(std::move(arguments))...};
    joined members;
    std::apply([&](auto&... s) { (members.add(s), ...); }, started);
    co_await wait_for_joined(std::move(members), true);
    co_return std::apply(
        [](auto&... s) { return std::tuple<outcome<typename A::value_type>...>(s.take_outcome()...); },
        started);
}

template <class A>
using started_t = decltype(start_argument(std::declval<A>()));

template <class A>
auto gather_range(std::vector<A> arguments) -> coro<std::vector<regular_t<typename A::value_type>>> {
    std::vector<started_t<A>> started;
    joined members;
    for (A& argument : arguments) {
        started.push_back(start_argument(std::move(argument)));
        members.add(started.back());
    }
    co_await wait_for_joined(std::move(members), false);
    std::vector<regular_t<typename A::value_type>> values;
    values.reserve(started.size());
    for (auto& s : started) {
        values.push_back(s.take_value());
    }
    co_return std::move(values);
}

template <class A>
auto gather_range_outcomes(std::vector<A> arguments)
    -> coro<std::vector<outcome<typename A::value_type>>> {
    std::vector<started_t<A>> started;
    joined members;
    for (A& argument : arguments) {
        started.push_back(start_argument(std::move(argument)));
        members.add(started.back());
    }
    co_await wait_for_joined(std::move(members), true);
    std::vector<outcome<typename A::value_type>> outcomes;
    for (auto& s : started) {
        outcomes.push_back(s.take_outcome());
    }
    co_return std::move(outcomes);
}

template <class R>
auto take_arguments(R&& range) {
    using argument = decltype(as_argument(*std::begin(range)));
    std::vector<argument> arguments;
    for (auto&& item : range) {
        arguments.push_back(as_argument(item));
    }
    return arguments;
}

}  // namespace detail

/// asyncio.gather: runs all arguments side by side and gives their results in the arguments' order.
///
///     auto [page, rows] = co_await rondo::gather(fetch(url), query(sql));
///
/// Coroutines that are passed are gather's own: when one fails, the others are cancelled and waited
/// for before the error is thrown, so nothing outlives what it refers to. Tasks and futures belong
/// to somebody else: they are left running. A range gives a vector.
///
/// Returns: a tuple (std::monostate for void), or a vector. Throws: the first error. Cancellation:
/// cancels every argument that is not done, and ends when they have ended. Fairness: yields, unless
/// all are done already. Threads: the loop's.
template <awaitable... A>
auto gather(A&&... arguments) {
    return detail::gather_values(detail::as_argument(std::forward<A>(arguments))...);
}
/// The same, but every result is an outcome<T>: a value or an error. Only cancellation throws.
template <awaitable... A>
auto gather(return_exceptions_t, A&&... arguments) {
    return detail::gather_outcomes(detail::as_argument(std::forward<A>(arguments))...);
}
template <detail::range_of_awaitables R>
auto gather(R&& range) {
    return detail::gather_range(detail::take_arguments(range));
}
template <detail::range_of_awaitables R>
auto gather(return_exceptions_t, R&& range) {
    return detail::gather_range_outcomes(detail::take_arguments(range));
}

}  // namespace rondo
