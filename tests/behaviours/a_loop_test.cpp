// SPDX-License-Identifier: MIT
#include "behaviour.hpp"

using namespace rondo;
using namespace std::chrono_literals;

BEHAVIOUR(B001_call_soon_callbacks_run_fifo) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        for (const char* name : {"a", "b", "c"}) {
            loop.call_soon([this, name] { note(name); });
        }
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "a b c");
}

BEHAVIOURS_ON_EVERY_DRIVER;
