// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/task.hpp>
#include <rondo/core/with.hpp>
#include <rondo/threads/detail/thread_job.hpp>
#include <rondo/threads/executor.hpp>
#include <rondo/threads/from_thread.hpp>
#include <rondo/threads/run_coroutine_threadsafe.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace rondo {

/// The type of `abandon_on_cancel`.
struct abandon_on_cancel_t {
    explicit abandon_on_cancel_t() = default;
};
/// Said first to `to_thread`: a function that nobody waits for any more is left to itself.
inline constexpr abandon_on_cancel_t abandon_on_cancel{};

/// Runs fn(args...) in a thread of the running loop's pool, so that the loop stays free: for calls
/// that block, and for long computations.
///
///     auto text = co_await rondo::to_thread(slow_parse, std::move(bytes));
///
/// Function and arguments are moved or copied into the call, which owns them; what they refer to
/// must live until the await ends, and may not be touched meanwhile. The function sees a copy of
/// the current context variables, and may call back into the loop by `from_thread::run`.
///
/// Returns: what fn returns. Throws: what fn throws; what the executor throws; runtime_error when
/// the executor destroys the work without running it. Cancellation: a function that has not begun
/// never runs, and the await throws at once; one that runs is waited for, since it may refer to the
/// frame that waits, and its result wins.
/// `from_thread::check_cancelled()` tells it to hurry. Fairness: always yields. Threads: the
/// loop's.
template <class F, class... Args>
    requires(std::invocable<std::decay_t<F>, std::decay_t<Args>...> &&
             !std::same_as<std::remove_cvref_t<F>, abandon_on_cancel_t>)
[[nodiscard]] auto to_thread(F&& fn, Args&&... args) {
    detail::check_callable<F>();
    detail::check_arguments<Args...>();
    return detail::in_thread<std::decay_t<F>, std::decay_t<Args>...>(
        nullptr, detail::when_cancelled::wait, std::forward<F>(fn), std::forward<Args>(args)...);
}

/// The same, but a cancellation ends the await at once, even though the function still runs: what
/// it returns or throws is dropped. It may not refer to anything that the caller owns. Its thread
/// is waited for at the end of `run`.
/// Returns, Throws, Fairness, Threads: as above. Cancellation: at once.
template <class F, class... Args>
    requires std::invocable<std::decay_t<F>, std::decay_t<Args>...>
[[nodiscard]] auto to_thread(abandon_on_cancel_t, F&& fn, Args&&... args) {
    detail::check_callable<F>();
    detail::check_arguments<Args...>();
    return detail::in_thread<std::decay_t<F>, std::decay_t<Args>...>(
        nullptr, detail::when_cancelled::abandon, std::forward<F>(fn), std::forward<Args>(args)...);
}

/// Runs fn(args...) by the given executor; null means the running loop's default one. Unlike
/// `to_thread` it begins at once and is awaited later: what it returns is a task.
///
/// Returns: a task with what fn returns. Throws: runtime_error outside a running loop; the task
/// what fn or the executor throws. Cancellation: of the task, as with `to_thread`. Fairness: always
/// yields when awaited. Threads: the loop's.
template <class F, class... Args>
    requires std::invocable<std::decay_t<F>, std::decay_t<Args>...>
auto run_in_executor(executor* by, F&& fn, Args&&... args) {
    detail::check_callable<F>();
    detail::check_arguments<Args...>();
    return rondo::create_task(
        detail::in_thread<std::decay_t<F>, std::decay_t<Args>...>(
            by, detail::when_cancelled::wait, std::forward<F>(fn), std::forward<Args>(args)...),
        {.eager_start = true});
}

}  // namespace rondo
