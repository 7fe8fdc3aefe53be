// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/driver.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/task.hpp>

#include <optional>
#include <type_traits>
#include <utility>

namespace rondo {

struct run_options {
    /// Debug mode on or off; left to RONDO_DEBUG when not given.
    std::optional<bool> debug = std::nullopt;
    driver_kind driver = driver_kind::automatic;
    /// How long to look for news, without rest, before each sleep. To be woken takes some 30 us
    /// longer than to look, so a server with a core to itself answers sooner, and that core is
    /// never idle. Throws std::invalid_argument on a machine with one core, and when negative.
    nanoseconds spin = nanoseconds::zero();
};
static_assert(std::is_trivially_destructible_v<run_options>);

/// Several `run`s on one loop with one context: asyncio.Runner.
///
/// The loop is made at the first use. `close()`, or the destructor, cancels what is still alive and
/// waits for it, reports errors of those, closes async generators, ends the thread pool and closes
/// the loop.
class runner {
public:
    explicit runner(run_options options = {});
    /// On a loop that the caller made.
    explicit runner(box<event_loop> loop);
    runner(const runner&) = delete;
    runner& operator=(const runner&) = delete;
    ~runner();

    /// Runs `main` to its end. Returns its result or throws its error; keyboard_interrupt when
    /// Ctrl-C cancelled it; runtime_error inside a running loop or after close().
    template <class T>
    T run(coro<T> main) {
        if (!check_can_run()) {
            main.close();
            throw_cannot_run();
        }
        rondo::context in = own_context();
        task<T> main_task = get_loop().create_task(std::move(main), {.context = &in});
        run_main(main_task);
        return std::move(main_task).take_result();
    }

    event_loop& get_loop();
    void close();
    /// The first half of close(): cancels and awaits what is left. Gives the loop, not closed yet,
    /// or null when none was made; the runner counts as closed.
    box<event_loop> finish();

private:
    bool check_can_run() const noexcept;
    [[noreturn]] void throw_cannot_run() const;
    rondo::context own_context();
    void run_main(any_task main);

    run_options options_;
    box<event_loop> loop_;
    std::optional<rondo::context> context_;
    bool closed_ = false;
};

/// asyncio.run: makes a loop, runs `main`, cancels and awaits what is left, runs the callbacks that
/// are ready then, closes the loop.
///
///     int main() { return rondo::run(async_main()); }
///
/// Returns: main's result. Throws: main's error; runtime_error inside a running loop;
/// keyboard_interrupt when Ctrl-C ended it (a second Ctrl-C kills the process).
template <class T>
T run(coro<T> main, run_options options = {}) {
    runner with(options);
    if constexpr (std::is_void_v<T>) {
        with.run(std::move(main));
        with.close();
    } else {
        std::remove_const_t<T> result = with.run(std::move(main));
        with.close();
        return result;
    }
}

/// The same for fn(args...), which are owned until the end.
template <class F, class... Args>
    requires detail::coroutine_function<F, Args...>
decltype(auto) run(F fn, Args... args) {
    return rondo::run(detail::invoke_owned(std::move(fn), std::move(args)...));
}

}  // namespace rondo
