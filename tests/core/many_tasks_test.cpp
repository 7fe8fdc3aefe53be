// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <tuple>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

constexpr int many = 1'000'000;

coro<void> sleep_and_count(int n, int& awake) {
    co_await sleep(1h + n * 1us);
    ++awake;
}

}  // namespace

// Slow: a million frames are made and run. The clock is a virtual one.
TEST(many_tasks, a_million_tasks_sleep_at_once) {
    int awake = 0;
    const auto body = [&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        for (int n = 0; n < many; ++n) {
            std::ignore = create_task(sleep_and_count(n, awake));
        }
        co_await sleep(1min);
        EXPECT_EQ(core_of(loop).timers().size(), static_cast<std::size_t>(many));
        EXPECT_EQ(awake, 0);
        co_await sleep(1h - 1min + (many / 2) * 1us);
        EXPECT_NEAR(awake, many / 2, 2);
        co_await sleep(1h);
        EXPECT_EQ(awake, many);
        EXPECT_EQ(all_tasks().size(), 1u);
    };
    rondo::testing::run(body());
}
