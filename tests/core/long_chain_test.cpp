// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <optional>
#include <utility>

#include <gtest/gtest.h>

// What a task or coroutine passes on to the next one goes as far as there are any: the length of a
// chain is limited by memory and not by the stack, in every build mode.

using namespace rondo;
using namespace std::chrono_literals;

namespace {

constexpr int length = 50'000;

coro<void> nothing() { co_return; }
coro<void> follow(task<void> next) { co_await next; }
coro<void> gather_with_a_sleep(task<void> next) { co_await gather(next, sleep(1h)); }
coro<void> wait_within_a_limit(task<void> next) { co_await wait_for(next, 1h); }

/// A task that waits for a task that waits for one, and so on.
template <class Link>
coro<void> cancel_a_chain(Link link, int links) {
    const task<void> last = create_task(sleep_forever());
    task<void> first = last;
    for (int i = 0; i < links; ++i) {
        first = create_task(link(std::move(first)));
    }
    co_await rondo::testing::wait_all_tasks_blocked();
    first.cancel();
    co_await as_outcome(first);
    EXPECT_TRUE(first.cancelled());
    EXPECT_TRUE(last.cancelled());
}

coro<void> descend(int levels) {
    if (levels == 0) {
        co_await sleep_forever();
    } else {
        co_await descend(levels - 1);
    }
}

coro<void> nested_scopes(int levels) {
    if (levels == 0) {
        co_await sleep_forever();
        co_return;
    }
    const auto body = [levels](cancel_scope&) -> coro<void> { co_await nested_scopes(levels - 1); };
    co_await with(cancel_scope(), body);
}

coro<void> nested_groups(int levels) {
    if (levels == 0) {
        co_await sleep_forever();
        co_return;
    }
    const auto body = [levels](task_group& tg) -> coro<void> {
        tg.create_task(nested_groups(levels - 1));
        co_return;
    };
    co_await with(task_group(), body);
}

coro<void> nested_eager_starts(int levels) {
    if (levels > 0) {
        co_await create_task(nested_eager_starts(levels - 1), {.eager_start = true});
    } else {
        co_await yield_now();
    }
}

coro<void> pass_on(coro<void> inner) { co_await std::move(inner); }

/// A coroutine that owns one that owns one, and so on.
coro<void> chain_of_owners(int links) {
    coro<void> all = nothing();
    for (int i = 0; i < links; ++i) {
        all = pass_on(std::move(all));
    }
    return all;
}

async_generator<int> pass_values_on(async_generator<int> inner) {
    while (auto value = co_await inner.next()) {
        co_yield *value;
    }
}

}  // namespace

TEST(long_chain, of_tasks_is_cancelled) { rondo::testing::run(cancel_a_chain(follow, length)); }
TEST(long_chain, of_gathers_is_cancelled) {
    rondo::testing::run(cancel_a_chain(gather_with_a_sleep, length / 4));
}
TEST(long_chain, of_waits_within_a_limit_is_cancelled) {
    rondo::testing::run(cancel_a_chain(wait_within_a_limit, length / 4));
}

TEST(long_chain, of_coroutines_is_cancelled) {
    rondo::testing::run([]() -> coro<void> {
        const auto t = create_task(descend(length));
        co_await rondo::testing::wait_all_tasks_blocked();
        t.cancel();
        co_await as_outcome(t);
        EXPECT_TRUE(t.cancelled());
    }());
}

TEST(long_chain, of_scopes_sees_the_outermost_cancelled) {
    rondo::testing::run([]() -> coro<void> {
        cancel_scope outermost;
        const auto body = [](cancel_scope&) -> coro<void> { co_await nested_scopes(length / 4); };
        const auto t = create_task([&]() -> coro<void> { co_await with(outermost, body); });
        co_await rondo::testing::wait_all_tasks_blocked();
        outermost.cancel();
        co_await t;
        EXPECT_TRUE(outermost.cancelled_caught());
    }());
}

TEST(long_chain, of_groups_is_cancelled) {
    rondo::testing::run([]() -> coro<void> {
        const auto t = create_task(nested_groups(length / 4));
        for (int i = 0; i < length; ++i) {
            co_await yield_now();
        }
        t.cancel();
        co_await as_outcome(t);
        EXPECT_TRUE(t.cancelled());
    }());
}

TEST(long_chain, of_tasks_that_start_each_other_eagerly_ends) {
    rondo::testing::run(nested_eager_starts(length / 4));
}

TEST(long_chain, of_handles_is_dropped) {
    rondo::testing::run([]() -> coro<void> {
        task<void> last = create_task(nothing());
        for (int i = 0; i < length; ++i) {
            last = create_task(follow(std::move(last)));
        }
        co_await last;
        last = {};
    }());
}

TEST(long_chain, of_coroutines_that_own_each_other_runs) {
    rondo::testing::run(chain_of_owners(length));
}
TEST(long_chain, of_coroutines_that_own_each_other_is_dropped) {
    const coro<void> never_awaited = chain_of_owners(length);
    EXPECT_TRUE(never_awaited);
}

TEST(long_chain, of_suspended_coroutines_is_destroyed) {
    struct never {
        bool await_ready() const { return false; }
        void await_suspend(std::coroutine_handle<>) const {}
        void await_resume() const {}
    };
    struct chain {
        static coro<void> of(int levels) {
            if (levels == 0) {
                co_await never();
            } else {
                co_await of(levels - 1);
            }
        }
    };
    coro<void> c = chain::of(length);
    EXPECT_TRUE(c.send());
    c.close();
    EXPECT_TRUE(c.done());
}

TEST(long_chain, of_async_generators_is_destroyed_between_two_values) {
    rondo::testing::run([]() -> coro<void> {
        const auto numbers = []() -> async_generator<int> {
            for (int i = 0;; ++i) {
                co_yield i;
            }
        };
        async_generator<int> last = numbers();
        for (int i = 0; i < length / 4; ++i) {
            last = pass_values_on(std::move(last));
        }
        EXPECT_EQ(co_await last.next(), 0);
        EXPECT_EQ(co_await last.next(), 1);
    }());
}
