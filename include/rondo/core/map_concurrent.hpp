// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/gather.hpp>
#include <rondo/core/with.hpp>

#include <cstddef>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

namespace detail {

[[noreturn]] void throw_limit_too_small(std::ptrdiff_t limit);

/// An item; no vector of these is special, as one of bool is.
template <class Item>
struct kept_item {
    explicit kept_item(auto&& from) : value(std::forward<decltype(from)>(from)) {}
    Item value;
};

template <class Item, class F, class Result>
coro<void> map_worker(std::vector<kept_item<Item>>& items, F& fn,
                      std::vector<std::optional<Result>>& results, std::size_t& next) {
    while (next < items.size()) {
        const std::size_t mine = next++;
        if constexpr (std::is_same_v<Result, std::monostate>) {
            co_await fn(items[mine].value);
        } else {
            results[mine].emplace(co_await fn(items[mine].value));
        }
    }
}

template <class Item, class F>
using mapped_t = kept_result_t<awaitable_result_t<std::invoke_result_t<F&, Item&>>>;

template <class Item, class F>
auto map_items(std::vector<kept_item<Item>> items, F fn, std::size_t limit)
    -> coro<std::vector<mapped_t<Item, F>>> {
    using result = mapped_t<Item, F>;
    std::vector<std::optional<result>> results(items.size());
    std::size_t next = 0;
    std::vector<coro<void>> workers;
    while (workers.size() < limit && workers.size() < items.size()) {
        workers.push_back(detail::map_worker(items, fn, results, next));
    }
    co_await rondo::gather(workers);
    std::vector<result> values;
    values.reserve(results.size());
    for (auto& value : results) {
        if constexpr (std::is_same_v<result, std::monostate>) {
            values.emplace_back();
        } else {
            values.push_back(std::move(*value));
        }
    }
    co_return std::move(values);
}

}  // namespace detail

/// Calls the coroutine function fn(item) for every item, at most `limit` at a time, and gives the
/// results in the items' order. The first error cancels the rest, which are waited for; items whose
/// turn has not come are left out.
///
///     auto pages = co_await rondo::map_concurrent(urls, fetch, 10);
///
/// The items are copied; fn gets a reference to the copy, which lives until the end. A limit below
/// 1 is refused at the call with invalid_argument.
///
/// Returns: a vector (of std::monostate for void). Throws: the first error. Cancellation: cancels
/// all that run, and ends when they have ended. Fairness: yields, unless the range is empty.
/// Threads: the loop's.
template <class R, class F>
auto map_concurrent(R&& items, F&& fn, std::ptrdiff_t limit) {
    detail::check_callable<F>();
    if (limit < 1) {
        detail::throw_limit_too_small(limit);
    }
    using item = std::iter_value_t<decltype(std::begin(items))>;  // not of a range of proxies
    std::vector<detail::kept_item<item>> copies;
    for (auto&& each : items) {
        copies.emplace_back(std::forward<decltype(each)>(each));
    }
    return detail::map_items<item, F>(std::move(copies), std::forward<F>(fn),
                                      static_cast<std::size_t>(limit));
}

}  // namespace rondo
