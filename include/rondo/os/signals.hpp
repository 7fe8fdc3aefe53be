// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/unique_function.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/detail/future_core.hpp>
#include <rondo/core/detail/immediate.hpp>

#include <concepts>
#include <csignal>  // IWYU pragma: export; SIGTERM and its kin
#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace rondo {

/// Some signals, by number: `{SIGTERM, SIGHUP}`. A value.
class signal_set {
public:
    /// Throws invalid_argument for a number that is none of a signal.
    template <std::same_as<int>... Numbers>
    signal_set(Numbers... numbers) {
        (add(numbers), ...);
    }

    void add(int signal);
    bool contains(int signal) const noexcept;
    /// A bit for each, that of signal 1 first.
    std::uint64_t bits() const noexcept { return bits_; }

private:
    std::uint64_t bits_ = 0;
};

namespace detail {
class signal_watch;
void add_signal_handler(int signal, unique_function<void()> fn);
}  // namespace detail

/// The signals that arrive, one after the other; to be used like an async generator.
///
///     auto s = rondo::signals({SIGTERM, SIGHUP});
///     while (auto signal = co_await s.next()) {
///         if (*signal == SIGTERM) {
///             break;
///         }
///         reload();
///     }
///
/// They are caught from the beginning, not only from the first next(), and until the object is
/// closed or destroyed, when they do again what they did before. In between none is lost; but as
/// in the kernel, a signal that arrives again before it was taken counts once. Those that wait
/// together come in the order of their numbers. Several of these objects, and a handler, may want
/// the same signal; each gets it. Moved, not copied. Threads: a loop in the main thread.
class signal_source {
public:
    /// Throws as add_signal_handler; then none of them is caught.
    explicit signal_source(signal_set wanted);
    signal_source(signal_source&& other) noexcept;
    signal_source& operator=(signal_source&& other) noexcept;
    ~signal_source();

    /// Returns: the next signal; nullopt once it is closed, or the loop. Throws: nothing.
    /// Cancellation: nothing is lost, and one may ask again. Fairness: yields only to wait, or
    /// after many at once. Threads: the loop's.
    [[nodiscard]] coro<std::optional<int>> next();
    /// Gives the signals back. May be repeated. Returns: nothing. Throws: nothing. Cancellation:
    /// none. Fairness: does not yield. Threads: the loop's.
    [[nodiscard]] detail::immediate<void> aclose() noexcept;

private:
    void stop() noexcept;

    detail::core_ref<detail::signal_watch> watch_;
};

/// The signals of the set that arrive, for `while (auto signal = co_await s.next())`.
[[nodiscard]] inline signal_source signals(signal_set wanted) { return signal_source(wanted); }

/// Lets the running loop call fn(args...) when `signal` arrives; asyncio's loop.add_signal_handler.
///
///     rondo::add_signal_handler(SIGHUP, [&] { config.reload(); });
///
/// It is an ordinary callback of the loop, in the context of this call, and may do anything;
/// signals that arrive before it had its turn count once. It takes the place of the handler before.
/// What the signal did otherwise comes back with remove_signal_handler, and when `run` ends or the
/// loop closes. A handler of SIGINT takes precedence over the Ctrl-C of `run`.
///
/// Throws runtime_error outside a running loop, in a loop off the main thread, while another loop
/// has handlers, and for a signal that cannot be caught (SIGKILL, SIGSTOP) or that a program cannot
/// go on after (SIGSEGV, SIGBUS, SIGFPE, SIGILL); invalid_argument when there is no such signal.
template <class F, class... Args>
    requires std::invocable<std::decay_t<F>&, std::decay_t<Args>&...>
void add_signal_handler(int signal, F&& fn, Args&&... args) {
    static_assert(
        !detail::is_coro_v<std::invoke_result_t<std::decay_t<F>&, std::decay_t<Args>&...>>,
        "add_signal_handler(signal, fn): fn is called, not awaited; let it create_task() the "
        "coroutine, or await signals({...})");
    detail::add_signal_handler(
        signal, [fn = std::decay_t<F>(std::forward<F>(fn)),
                 args = std::tuple<std::decay_t<Args>...>(std::forward<Args>(args)...)]() mutable {
            static_cast<void>(std::apply(fn, args));
        });
}

/// Whether there was a handler; a call that is queued already will not run.
bool remove_signal_handler(int signal);

}  // namespace rondo
