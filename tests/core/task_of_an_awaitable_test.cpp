// SPDX-License-Identifier: MIT

// A task, and a coroutine object, may be made of whatever can be awaited.
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

TEST(task_of_an_awaitable, gives_what_that_gives) {
    const auto main_ = []() -> coro<void> {
        task<int> seven = create_task(sleep(1s, 7));
        task<void> turn = create_task(yield_now(), {.name = "a turn"});
        EXPECT_EQ(turn.name(), "a turn");
        EXPECT_EQ(co_await seven, 7);
        EXPECT_TRUE(turn.done());
    };
    rondo::testing::run(main_());
}

TEST(task_of_an_awaitable, may_be_made_by_the_loop_too) {
    const auto main_ = []() -> coro<void> {
        task<int> seven = get_running_loop().create_task(sleep(1s, 7), {.name = "seven"});
        EXPECT_EQ(seven.name(), "seven");
        EXPECT_EQ(co_await seven, 7);
    };
    rondo::testing::run(main_());
}

TEST(task_of_an_awaitable, may_stand_among_coroutines) {
    const auto answer = []() -> coro<int> { co_return 42; };
    const auto main_ = [&]() -> coro<void> {
        std::vector<coro<int>> all;
        all.push_back(answer());
        all.push_back(sleep(1s, 7));
        all.push_back(wait_for(answer(), 1s));
        const std::vector<int> results = co_await gather(std::move(all));
        EXPECT_THAT(results, ::testing::ElementsAre(42, 7, 42));
    };
    rondo::testing::run(main_());
}

TEST(task_of_an_awaitable, is_cancelled_like_any_other) {
    const auto main_ = []() -> coro<void> {
        auto asleep = create_task(sleep(1h));
        co_await yield_now();
        asleep.cancel();
        EXPECT_THROW(co_await asleep, cancelled_error);
    };
    rondo::testing::run(main_());
}

TEST(task_of_an_awaitable, may_be_the_child_of_a_group) {
    const auto main_ = []() -> coro<void> {
        const time_point begin = get_running_loop().time();
        task<std::string> text;
        task_group group;
        co_await with(group, [&]() -> coro<void> {
            text = group.create_task(sleep(2s, std::string("two seconds later")));
            co_return;
        });
        EXPECT_EQ(text.result(), "two seconds later");
        EXPECT_EQ(get_running_loop().time() - begin, 2s);
    };
    rondo::testing::run(main_());
}
