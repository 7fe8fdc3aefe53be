// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;

namespace {

bool comparisons_fail = false;

struct before {
    bool operator()(const std::string& a, const std::string& b) const {
        if (comparisons_fail) {
            throw std::domain_error("no comparison today");
        }
        return a < b;
    }
};
using priorities = priority_queue<std::string, before>;

std::vector<std::string> rest_of(priorities& q) {
    std::vector<std::string> all;
    while (!q.empty()) {
        all.push_back(q.get_nowait());
    }
    return all;
}
using strings = std::vector<std::string>;

/// Calls fn() while comparisons fail; whether one did.
template <class F>
bool fails(F fn) {
    comparisons_fail = true;
    bool failed = false;
    try {
        fn();
    } catch (const std::domain_error&) {
        failed = true;
    }
    comparisons_fail = false;
    return failed;
}

}  // namespace

TEST(throwing_comparison, of_a_put_changes_nothing) {
    rondo::testing::run([]() -> coro<void> {
        priorities q;
        q.put_nowait("bbb");
        EXPECT_TRUE(fails([&] { q.put_nowait("aaa"); }));
        q.put_nowait("ccc");
        EXPECT_EQ(q.qsize(), 2U);
        EXPECT_EQ(rest_of(q), (strings{"bbb", "ccc"}));
        co_return;
    }());
}

TEST(throwing_comparison, of_a_get_changes_nothing) {
    rondo::testing::run([]() -> coro<void> {
        priorities q;
        for (const char* item : {"d", "b", "e", "a", "c"}) {
            q.put_nowait(item);
        }
        EXPECT_TRUE(fails([&] { q.get_nowait(); }));
        EXPECT_EQ(q.qsize(), 5U);
        EXPECT_EQ(rest_of(q), (strings{"a", "b", "c", "d", "e"}));
        co_return;
    }());
}

TEST(throwing_comparison, of_a_get_that_waited_gives_the_item_to_the_next_one) {
    rondo::testing::run([]() -> coro<void> {
        priorities q;
        const auto get = [&]() -> coro<std::string> { co_return co_await q.get(); };
        auto first = create_task(get());
        co_await rondo::testing::wait_all_tasks_blocked();
        for (const char* item : {"c", "b", "a"}) {
            q.put_nowait(item);
        }
        comparisons_fail = true;
        const auto end = co_await as_outcome(first);
        comparisons_fail = false;
        EXPECT_FALSE(end.has_value());
        EXPECT_EQ(q.qsize(), 3U);
        EXPECT_EQ(rest_of(q), (strings{"a", "b", "c"}));
    }());
}

TEST(throwing_comparison, of_an_item_that_waits_for_room_lets_it_wait_on) {
    rondo::testing::run([]() -> coro<void> {
        priorities q(2);
        q.put_nowait("b");
        q.put_nowait("c");
        const auto put = [&]() -> coro<void> { co_await q.put("a"); };
        const auto waits = create_task(put());
        co_await rondo::testing::wait_all_tasks_blocked();
        EXPECT_TRUE(fails([&] { q.get_nowait(); }) || q.qsize() == 1);
        while (!waits.done()) {
            q.get_nowait();
            co_await rondo::testing::wait_all_tasks_blocked();
        }
        EXPECT_EQ(rest_of(q).front(), "a");
    }());
}

TEST(priority_queue, keeps_its_order_for_types_without_assignment) {
    struct fixed {
        const int number;
        bool operator<(const fixed& other) const { return number < other.number; }
    };
    rondo::testing::run([]() -> coro<void> {
        priority_queue<fixed> q;
        for (int i = 0; i < 100; ++i) {
            q.put_nowait(fixed{i * 37 % 100});
        }
        for (int i = 0; i < 100; ++i) {
            EXPECT_EQ(q.get_nowait().number, i);
        }
        co_return;
    }());
}
