// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/run.hpp>
#include <rondo/testing/fault_plan.hpp>
#include <rondo/testing/network_link.hpp>
#include <rondo/testing/sim_driver.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace rondo::testing {

/// Something outlived the main coroutine and its shutdown: timers or watched descriptors.
class leak_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct options {
    /// Draws the order of what is ready by lot; first in, first out without one. A run that fails
    /// says which seed it had.
    std::optional<std::uint64_t> seed = std::nullopt;
    /// Simulates sockets, and what lies between them (testing/network.hpp).
    std::optional<network_link> network = std::nullopt;
    /// Which system calls fail. The caller's; none when null.
    fault_plan* faults = nullptr;
    std::optional<bool> debug = std::nullopt;
};
static_assert(std::is_trivially_destructible_v<options>);

/// Says on stderr which seed a run that failed had, if any.
void report_seed(std::optional<std::uint64_t> seed) noexcept;

/// Throws leak_error when tasks, timers or watches are left in a loop that is about to close.
void check_no_leaks(event_loop& loop);

/// Runs `main` like rondo::run on the given loop, and then looks for leaks.
template <class T>
T run_on(box<event_loop> loop, coro<T> main) {
    runner with(std::move(loop));
    if constexpr (std::is_void_v<T>) {
        with.run(std::move(main));
        check_no_leaks(*with.finish());
    } else {
        T result = with.run(std::move(main));
        check_no_leaks(*with.finish());
        return static_cast<T>(result);
    }
}

/// rondo::run on the simulated driver: an hour of sleep takes no time, a deadlock throws
/// deadlock_error with the task tree, and leaks throw leak_error. What else the simulation does is
/// said by the options.
template <class T>
T run(coro<T> main, options with = {}) {
    const fault_plan::guard faults(with.faults);
    try {
        auto loop = make_sim_loop(with.seed, with.network);
        if (with.debug) {
            loop->set_debug(*with.debug);
        }
        return run_on(std::move(loop), std::move(main));
    } catch (...) {
        report_seed(with.seed);
        throw;
    }
}

/// Lets everything else run until all other tasks wait for something.
/// Returns: nothing. Throws: nothing. Cancellation: at once. Fairness: always yields. Threads: the
/// loop's.
coro<void> wait_all_tasks_blocked();

}  // namespace rondo::testing
