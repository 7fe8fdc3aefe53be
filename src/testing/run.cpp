// SPDX-License-Identifier: MIT
#include "io/loop_io.hpp"
#include <rondo/core/debug.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/testing/run.hpp>

#include <algorithm>
#include <string>

namespace rondo::testing {

void report_seed(std::optional<std::uint64_t> seed) noexcept {
    if (seed) {
        detail::warn("the run with seed " + std::to_string(*seed) + " failed");
    }
}

void check_no_leaks(event_loop& loop) {
    auto& core = core_of(loop);
    if (auto* io = detail::loop_io::find(core)) {
        io->end_lingering();  // closed they are: nobody has them any more
    }
    std::string left;
    for (const any_task& task : loop.all_tasks()) {
        left += "\n  " + detail::describe(task.core());
    }
    if (!core.timers().empty()) {
        left += "\n  " + std::to_string(core.timers().size()) + " timer(s)";
    }
    if (const auto* sim = dynamic_cast<sim_driver*>(&core.io());
        sim != nullptr && sim->watches_any()) {
        left += "\n  watched file descriptors";
    }
    if (!left.empty()) {
        throw leak_error("left in the loop at its end:" + left);
    }
}

coro<void> wait_all_tasks_blocked() {
    const any_task me = current_task();
    const auto is_busy = [&me](const any_task& t) { return t != me && is_ready(t.core().phase()); };
    for (;;) {
        co_await yield_now();
        const auto tasks = all_tasks();
        if (std::none_of(tasks.begin(), tasks.end(), is_busy)) {
            co_return;
        }
    }
}

}  // namespace rondo::testing
