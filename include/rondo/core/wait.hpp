// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/argument.hpp>
#include <rondo/core/detail/join.hpp>
#include <rondo/core/timeout.hpp>

#include <exception>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

enum class return_when : std::uint8_t {
    all_completed,
    first_completed,
    first_exception,  // or all completed; a cancelled member is no exception
};
inline constexpr auto all_completed = return_when::all_completed;
inline constexpr auto first_completed = return_when::first_completed;
inline constexpr auto first_exception = return_when::first_exception;

struct wait_options {
    std::optional<nanoseconds> timeout = std::nullopt;
    rondo::return_when return_when = all_completed;
};
static_assert(std::is_trivially_destructible_v<wait_options>);

/// Which of the members are done, both parts in the order in which they were given.
template <class Handle>
struct wait_result {
    std::vector<Handle> done;
    std::vector<Handle> pending;
};

namespace detail {

/// Waits, for at most the timeout, without an error for the timeout.
coro<void> wait_for_members(join_awaiter::members members, wait_options options);

template <class Handle>
auto wait_handles(std::vector<Handle> handles, wait_options options) -> coro<wait_result<Handle>> {
    join_awaiter::members members;
    for (const Handle& h : handles) {
        members.push_back(core_ref<future_core>::share(h.core()));
    }
    co_await detail::wait_for_members(std::move(members), options);
    wait_result<Handle> result;
    for (Handle& h : handles) {
        (h.done() ? result.done : result.pending).push_back(std::move(h));
    }
    co_return std::move(result);
}

template <class H>
constexpr void check_waitable() {
    static_assert(
        !is_coro_v<H>,
        "wait() takes tasks and futures: a bare coroutine could not be found again in the "
        "result, so give it to create_task() first");
    static_assert(is_coro_v<H> || task_or_future<H> || std::is_same_v<H, any_task>,
                  "wait() takes a range of tasks or futures");
}

template <class H>
concept waitable_handle = task_or_future<H> || std::is_same_v<std::remove_cvref_t<H>, any_task>;

template <class H>
void add_to_wait(std::vector<H>& handles, wait_options&, const H& handle) {
    handles.push_back(handle);
}
template <class H>
void add_to_wait(std::vector<H>&, wait_options& options, const wait_options& given) {
    options = given;
}

}  // namespace detail

/// asyncio.wait: waits until all, the first, or the first failed of some tasks or futures are done,
/// or for the timeout, which is no error and cancels nothing.
///
///     auto [done, pending] = co_await rondo::wait(tasks, {.timeout = 1s});
///     auto [done, pending] = co_await rondo::wait(a, b, rondo::wait_options{.timeout = 1s});
///
/// The members are a range, or single handles of one type, behind which options may come.
///
/// Returns: wait_result with done and pending. Throws: invalid_argument for an empty range; never
/// the members' errors. Cancellation: leaves the members running. Fairness: does not yield when the
/// condition holds already. Threads: the loop's.
template <class R>
    requires(!detail::waitable_handle<R>)
auto wait(R&& members, wait_options options = {}) {
    using handle_type = std::remove_cvref_t<decltype(*std::begin(members))>;
    detail::check_waitable<handle_type>();
    std::vector<handle_type> handles;
    for (auto&& member : members) {
        handles.push_back(member);
    }
    return detail::wait_handles(std::move(handles), options);
}
template <detail::waitable_handle H, class... More>
auto wait(const H& first, const More&... more) {
    static_assert(((std::is_same_v<More, H> || std::is_same_v<More, wait_options>) && ...),
                  "wait(a, b, ...) takes handles of one type; make any_task of those that differ");
    std::vector<H> handles;
    wait_options options;
    handles.reserve(1 + sizeof...(More));
    handles.push_back(first);
    (detail::add_to_wait(handles, options, more), ...);
    return detail::wait_handles(std::move(handles), options);
}

}  // namespace rondo
