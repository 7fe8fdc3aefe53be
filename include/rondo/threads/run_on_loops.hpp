// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/unique_function.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/driver.hpp>
#include <rondo/core/event_loop.hpp>

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

namespace detail {
class loop_team;
}

/// Where a coroutine of run_on_loops runs, and who its neighbours are. A cheap handle; valid in
/// every loop of the team until the last of them has ended.
class loop_place {
public:
    loop_place(const detail::loop_team& team, std::size_t index) noexcept
        : team_(&team), index_(index) {}

    /// Which one this is, from 0.
    std::size_t index() const noexcept { return index_; }
    /// How many there are.
    std::size_t count() const noexcept;
    /// Any of them, for submit_to; closed once its own coroutine has ended. Throws out_of_range.
    event_loop& loop(std::size_t index) const;

private:
    const detail::loop_team* team_;
    std::size_t index_;
};

struct loops_options {
    std::optional<bool> debug = std::nullopt;     // as for run
    driver_kind driver = driver_kind::automatic;  // as for run
    bool pin = true;  // each thread keeps to a core of its own, if there are enough of them
};
static_assert(std::is_trivially_destructible_v<loops_options>);

namespace detail {

using loop_body = unique_function<coro<void>(const loop_place&)>;

/// Runs each of the bodies in a loop and a thread of its own; the first in this thread.
void run_team(std::vector<loop_body> bodies, const loops_options& options);

template <class F>
loop_body body_of(F fn) {
    if constexpr (coroutine_function<F&, const loop_place&>) {
        return [fn = std::move(fn)](const loop_place& here) mutable { return fn(here); };
    } else {
        return [fn = std::move(fn)](const loop_place&) mutable { return fn(); };
    }
}

}  // namespace detail

/// Runs the same service on `n` loops in `n` threads, this one among them, until all have ended.
/// `fn` is a coroutine function that takes a `const loop_place&`, or nothing; each loop gets a copy
/// of it. Loops share nothing: what one has to say to another goes through `submit_to`. For servers
/// let each loop listen for itself, with `reuse_port`:
///
///     coro<void> serve() {
///         auto server = co_await start_server(talk, "127.0.0.1", 8888, {.reuse_port = true});
///         co_await server.serve_forever();
///     }
///     int main() { rondo::run_on_loops(2, serve); }
///
/// Once one of them throws, the others are cancelled, and the first error is thrown when all have
/// ended; Ctrl-C in the main thread is such an error, as in `run`. Throws invalid_argument for 0
/// loops, runtime_error inside a running loop, system_error when a thread cannot be started.
template <class F>
    requires detail::coroutine_function<F&, const loop_place&> || detail::coroutine_function<F&>
void run_on_loops(std::size_t n, F fn, const loops_options& options = {}) {
    std::vector<detail::loop_body> bodies;
    for (std::size_t i = 0; i < n; ++i) {
        bodies.push_back(detail::body_of(F(fn)));
    }
    detail::run_team(std::move(bodies), options);
}

}  // namespace rondo
