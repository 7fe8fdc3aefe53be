// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <stdexcept>
#include <utility>

#include <gtest/gtest.h>

// These run in every build mode of both compilers, sanitizers included: compilers that turn
// symmetric transfer into recursion overflow the stack here.

using namespace rondo;

namespace {

constexpr int many = 1'000'000;
constexpr int deep = 10'000;

coro<int> one() { co_return 1; }

coro<int> one_after_a_yield() {
    co_await yield_now();
    co_return 1;
}

coro<int> descend(int levels, bool suspends) {
    if (levels == 0) {
        if (suspends) {
            co_await yield_now();
        }
        co_return 0;
    }
    co_return 1 + co_await descend(levels - 1, suspends);
}

coro<void> descend_and_fail(int levels) {
    if (levels == 0) {
        co_await yield_now();
        throw std::domain_error("at the bottom");
    }
    co_await descend_and_fail(levels - 1);
}

coro<int> descend_through_tasks(int levels) {
    if (levels == 0) {
        co_return 0;
    }
    co_return 1 + co_await create_task(descend_through_tasks(levels - 1));
}

/// The sum of `count` awaits of what `make()` returns.
template <class F>
coro<int> sum_of(int count, F make) {
    int sum = 0;
    for (int n = 0; n < count; ++n) {
        sum += co_await make();
    }
    co_return sum;
}

}  // namespace

TEST(deep_await, a_million_coroutines_that_complete_at_once) {
    EXPECT_EQ(run(sum_of(many, one)), many);
}

TEST(deep_await, a_million_awaits_of_a_finished_task) {
    const auto body = []() -> coro<int> {
        const task<int> finished = create_task(one());
        co_await finished;
        int sum = 0;
        for (int n = 0; n < many; ++n) {
            sum += co_await finished;
        }
        co_return sum;
    };
    EXPECT_EQ(run(body), many);
}

TEST(deep_await, a_hundred_thousand_coroutines_that_suspend) {
    EXPECT_EQ(run(sum_of(many / 10, one_after_a_yield)), many / 10);
}

TEST(deep_await, a_recursion_that_completes_at_once) { EXPECT_EQ(run(descend(deep, false)), deep); }

TEST(deep_await, a_recursion_that_suspends_at_the_bottom) {
    EXPECT_EQ(run(descend(deep, true)), deep);
}

TEST(deep_await, an_error_from_the_bottom_of_a_recursion) {
    EXPECT_THROW(run(descend_and_fail(deep)), std::domain_error);
}

TEST(deep_await, a_recursion_of_tasks) { EXPECT_EQ(run(descend_through_tasks(deep)), deep); }

TEST(deep_await, a_recursion_driven_by_hand) {
    coro<int> c = descend(deep, false);
    EXPECT_FALSE(c.send());
    EXPECT_EQ(c.result(), deep);
}

TEST(deep_await, a_chain_of_tasks_is_cancelled_from_the_innermost_outwards) {
    const auto body = []() -> coro<void> {
        const auto link = [](task<void> inner) -> coro<void> {
            if (inner) {
                co_await inner;
            }
            co_await sleep_forever();
        };
        constexpr int links = 1000;  // a request is passed from task to task on the stack
        task<void> outermost;
        for (int n = 0; n < links; ++n) {
            outermost = create_task(link(outermost));
        }
        co_await yield_now();
        outermost.cancel();
        EXPECT_THROW(co_await outermost, cancelled_error);
    };
    run(body);
}
