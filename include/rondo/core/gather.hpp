// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/argument.hpp>
#include <rondo/core/detail/join.hpp>
#include <rondo/core/detail/result_slot.hpp>
#include <rondo/core/outcome.hpp>

#include <exception>
#include <optional>
#include <source_location>
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

/// A running argument: somebody else's task or future, or one of our own, made from a coroutine,
/// which runs inside our scope.
template <class Handle>
class running_argument {
public:
    using value_type = typename Handle::value_type;

    explicit running_argument(Handle h) : handle_(std::move(h)) {}
    running_argument(Handle own, scope_core& inside) : handle_(std::move(own)) {
        guest_.emplace(inside, handle_.core());
    }

    bool is_own() const noexcept { return guest_.has_value(); }
    future_core& core() const noexcept { return handle_.core(); }

    /// The value; moved out of what is our own.
    regular_t<value_type> take_value() {
        handle_.core().check_value();
        if constexpr (std::is_void_v<value_type>) {
            return {};
        } else {
            return room().give(!is_own());
        }
    }
    outcome<value_type> take_outcome() {
        if (handle_.core().has_value()) {
            return outcome<value_type>(take_value());
        }
        auto error = handle_.core().error();
        return outcome<value_type>::failed(error ? error
                                                 : std::make_exception_ptr(cancelled_error()));
    }

private:
    result_room<value_type>& room() noexcept {
        if constexpr (is_task_v<Handle>) {
            return detail::result_of<value_type>(core());
        } else {
            return static_cast<future_data<value_type>&>(core()).result;
        }
    }

    Handle handle_;
    std::optional<scope_guest> guest_;
};

template <class T>
running_argument<task<T>> start_argument(coro<T>&& c, scope_core& inside) {
    return running_argument<task<T>>(detail::spawn_task(*inside.host()->loop(), std::move(c), {},
                                                        &inside, std::source_location::current()),
                                     inside);
}
template <task_or_future A>
running_argument<std::remove_cvref_t<A>> start_argument(A&& handle, scope_core&) {
    return running_argument<std::remove_cvref_t<A>>(handle);
}

/// What is to be waited for.
struct joined {
    join_awaiter::members all;
    join_awaiter::members own;
    template <class Handle>
    void add(const running_argument<Handle>& argument) {
        all.push_back(core_ref<future_core>::share(argument.core()));
        if (argument.is_own()) {
            own.push_back(all.back());
        }
    }
};

/// Waits until all are done. On the first failure, unless errors are collected, or on cancellation:
/// cancels our own, which run in `inside`, waits for them, and throws.
coro<void> wait_for_joined(joined members, scope_core& inside, bool collect_errors);

template <class... A>
auto gather_values(A... arguments) -> coro<std::tuple<regular_t<typename A::value_type>...>> {
    scope_core inside;
    inside.enter("gather");
    std::tuple started{detail::start_argument(std::move(arguments), inside)...};
    joined members;
    std::apply([&](auto&... s) { (members.add(s), ...); }, started);
    co_await detail::wait_for_joined(std::move(members), inside, false);
    co_return std::apply(
        [](auto&... s) {
            return std::tuple<regular_t<typename A::value_type>...>(s.take_value()...);
        },
        started);
}

template <class... A>
auto gather_outcomes(A... arguments) -> coro<std::tuple<outcome<typename A::value_type>...>> {
    scope_core inside;
    inside.enter("gather");
    std::tuple started{detail::start_argument(std::move(arguments), inside)...};
    joined members;
    std::apply([&](auto&... s) { (members.add(s), ...); }, started);
    co_await detail::wait_for_joined(std::move(members), inside, true);
    co_return std::apply(
        [](auto&... s) {
            return std::tuple<outcome<typename A::value_type>...>(s.take_outcome()...);
        },
        started);
}

template <class A>
using started_t = decltype(detail::start_argument(std::declval<A>(), std::declval<scope_core&>()));

template <class A>
std::vector<started_t<A>> start_arguments(std::vector<A>& arguments, scope_core& inside,
                                          joined& members) {
    std::vector<started_t<A>> started;
    started.reserve(arguments.size());
    for (A& argument : arguments) {
        started.push_back(detail::start_argument(std::move(argument), inside));
        members.add(started.back());
    }
    return started;
}

template <class A>
auto gather_range(std::vector<A> arguments)
    -> coro<std::vector<kept_result_t<typename A::value_type>>> {
    scope_core inside;
    inside.enter("gather");
    joined members;
    auto started = detail::start_arguments(arguments, inside, members);
    co_await detail::wait_for_joined(std::move(members), inside, false);
    std::vector<kept_result_t<typename A::value_type>> values;
    values.reserve(started.size());
    for (auto& s : started) {
        values.push_back(s.take_value());
    }
    co_return std::move(values);
}

template <class A>
auto gather_range_outcomes(std::vector<A> arguments)
    -> coro<std::vector<outcome<typename A::value_type>>> {
    scope_core inside;
    inside.enter("gather");
    joined members;
    auto started = detail::start_arguments(arguments, inside, members);
    co_await detail::wait_for_joined(std::move(members), inside, true);
    std::vector<outcome<typename A::value_type>> outcomes;
    outcomes.reserve(started.size());
    for (auto& s : started) {
        outcomes.push_back(s.take_outcome());
    }
    co_return std::move(outcomes);
}

}  // namespace detail

/// asyncio.gather: runs all arguments side by side and gives their results in the arguments' order.
///
///     auto [page, rows] = co_await rondo::gather(fetch(url), query(sql));
///
/// Coroutines that are passed are gather's own: when one fails, the others are cancelled, as by a
/// cancel scope around them, and waited for before the error is thrown, so nothing outlives what it
/// refers to. Tasks and futures belong to somebody else: they are left running. A range gives a
/// vector.
///
/// Returns: a tuple (std::monostate for void), or a vector. Throws: the first error. Cancellation:
/// cancels every argument that is not done, and throws when they have ended, even if they swallowed
/// it. Fairness: yields, unless all are done already. Threads: the loop's.
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
    return detail::gather_range(detail::as_arguments(range));
}
template <detail::range_of_awaitables R>
auto gather(return_exceptions_t, R&& range) {
    return detail::gather_range_outcomes(detail::as_arguments(range));
}

}  // namespace rondo
