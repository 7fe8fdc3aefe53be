// SPDX-License-Identifier: MIT
#include <rondo/core/debug.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/testing/cancel_sweep.hpp>

#include <stdexcept>
#include <string>

namespace rondo::testing {

namespace {

/// Far more suspensions than a scenario that ends can have.
constexpr int most_suspensions = 100'000;

/// Whether the scenario lasted until the cancellation at suspension number `turn`.
bool run_once(unique_function<coro<void>()>& scenario, int turn) {
    auto loop = make_sim_loop();
    event_loop& in = *loop;
    any_task main;
    int suspensions = 0;
    core_of(in).engine().observe_steps([&](detail::task_core&) {
        if (main && ++suspensions == turn) {
            main.cancel();
        }
    });
    const auto body = [&]() -> coro<void> {
        main = current_task();
        co_await scenario();
    };
    try {
        run_on(std::move(loop), body());
    } catch (const cancelled_error&) {
        // The expected end.
    } catch (...) {
        throw std::runtime_error("cancelled at suspension " + std::to_string(turn) + ": " +
                                 describe_exception(std::current_exception()));
    }
    return suspensions >= turn;
}

}  // namespace

int cancel_sweep(unique_function<coro<void>()> scenario, unique_function<void()> check) {
    for (int turn = 1; turn < most_suspensions; ++turn) {
        const bool cancelled = run_once(scenario, turn);
        if (check) {
            check();
        }
        if (!cancelled) {
            return turn - 1;
        }
    }
    throw std::runtime_error("cancel_sweep: the scenario does not end");
}

}  // namespace rondo::testing
