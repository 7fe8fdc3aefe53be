// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

TEST(shield, takes_whatever_can_be_awaited) {
    const auto scenario = []() -> coro<void> {
        const time_point begin = get_running_loop().time();
        co_await shield(sleep(2s));
        EXPECT_EQ(get_running_loop().time() - begin, 2s);
        queue<int> q;
        co_await q.put(7);
        EXPECT_EQ(co_await shield(q.get()), 7);
    };
    rondo::testing::run(scenario());
}
