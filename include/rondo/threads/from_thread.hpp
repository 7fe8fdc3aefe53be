// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/threads/detail/thread_job.hpp>
#include <rondo/threads/run_coroutine_threadsafe.hpp>

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

/// The way back: for functions that `to_thread` or `run_in_executor` runs.
namespace rondo::from_thread {

namespace detail {

/// The job of this thread; throws runtime_error outside of one.
rondo::detail::thread_job& host_job(const char* operation);

}  // namespace detail

/// Runs the coroutine function fn(args...) in the loop that this thread works for, and blocks until
/// it is done. It runs in the cancel scopes of the task that awaits this thread: what cancels that
/// task cancels it too.
/// Returns what it returns and throws what it throws; cancelled_error when nobody awaits this
/// thread any more; runtime_error outside of a worker thread.
template <class F, class... Args>
    requires rondo::detail::coroutine_function<F, Args...>
decltype(auto) run(F fn, Args... args) {
    using result = typename std::remove_cvref_t<rondo::detail::coro_of_t<F, Args...>>::value_type;
    auto& host = detail::host_job("from_thread::run");
    auto make = [fn = std::move(fn), args = std::tuple<Args...>(std::move(args)...)]() mutable {
        return std::apply(std::move(fn), std::move(args));
    };
    auto guest = std::make_shared<rondo::detail::thread_delivery<result, decltype(make)>>(
        nullptr, std::move(make));
    host.post_guest(guest);
    return threadsafe_future<result>(std::move(guest)).get();
}

/// Throws cancelled_error when the task that awaits this thread was cancelled: for functions that
/// take long and can stop early. Throws runtime_error outside of a worker thread.
void check_cancelled();

}  // namespace rondo::from_thread
