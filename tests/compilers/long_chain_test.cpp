// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

// What a task or coroutine passes on to the next one goes as far as there are any: the length of a
// chain is limited by memory and not by the stack, in every build mode.

using namespace rondo;
using namespace std::chrono_literals;

namespace {

#if RONDO_SANITIZED || defined(RONDO_EMULATED)
constexpr int usual_length = 12'500;
#else
constexpr int usual_length = 50'000;
#endif
/// RONDO_CHAIN_LENGTH asks for another length; ./dev modes asks for a million.
const int length = [] {
    const char* const asked = std::getenv("RONDO_CHAIN_LENGTH");
    return asked != nullptr ? std::atoi(asked) : usual_length;
}();

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

coro<void> nested_groups_that_fail(int levels) {
    if (levels == 0) {
        throw std::runtime_error("the cause");
    }
    const auto body = [levels](task_group& tg) -> coro<void> {
        tg.create_task(nested_groups_that_fail(levels - 1));
        co_return;
    };
    co_await with(task_group(), body);
}

/// A chain of which each task waits for the one before it; they stand there in that order.
std::vector<task<void>> chain_that_waits(int links) {
    std::vector<task<void>> chain{create_task(sleep_forever())};
    while (chain.size() < static_cast<std::size_t>(links)) {
        chain.push_back(create_task(follow(chain.back())));
    }
    return chain;
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
    rondo::testing::run(cancel_a_chain(gather_with_a_sleep, length));
}
TEST(long_chain, of_waits_within_a_limit_is_cancelled) {
    rondo::testing::run(cancel_a_chain(wait_within_a_limit, length));
}

TEST(long_chain, of_tasks_is_cancelled_link_by_link) {
    rondo::testing::run([]() -> coro<void> {
        const auto chain = chain_that_waits(length);
        co_await rondo::testing::wait_all_tasks_blocked();
        for (const auto& t : chain) {
            EXPECT_TRUE(t.cancel());
        }
        co_await as_outcome(chain.back());
        EXPECT_TRUE(chain.front().cancelled());
        EXPECT_TRUE(chain.back().cancelled());
    }());
}

TEST(long_chain, of_tasks_is_cancelled_when_run_ends) {
    std::vector<task<void>> chain;
    rondo::testing::run([&]() -> coro<void> {
        chain = chain_that_waits(length);
        co_await rondo::testing::wait_all_tasks_blocked();
    }());
    EXPECT_TRUE(chain.front().cancelled());
    EXPECT_TRUE(chain.back().cancelled());
}

TEST(long_chain, of_members_of_a_group_is_cancelled_with_the_group) {
    rondo::testing::run([]() -> coro<void> {
        task<void> last;
        const auto body = [&](task_group& tg) -> coro<void> {
            last = tg.create_task(sleep_forever());
            for (int i = 0; i < length; ++i) {
                last = tg.create_task(follow(last));
            }
            co_await rondo::testing::wait_all_tasks_blocked();
            throw std::runtime_error("the body fails");
        };
        co_await as_outcome(with(task_group(), body));
        EXPECT_TRUE(last.cancelled());
    }());
}

TEST(long_chain, is_cancelled_again_where_its_end_goes_on_regardless) {
    rondo::testing::run([]() -> coro<void> {
        int heard = 0;
        const auto stubborn = [&]() -> coro<void> {
            while (heard < 3) {
                const auto end = co_await as_outcome(sleep_forever());
                heard += end.has_value() ? 0 : 1;
            }
        };
        task<void> last = create_task(stubborn());
        for (int i = 0; i < 40; ++i) {
            last = create_task(follow(std::move(last)));
        }
        co_await rondo::testing::wait_all_tasks_blocked();
        while (!last.done()) {
            last.cancel();
            last.cancel();
            co_await rondo::testing::wait_all_tasks_blocked();
        }
        EXPECT_EQ(heard, 3);
    }());
}

TEST(long_chain, of_tasks_is_destroyed_with_its_loop) {
    std::optional<event_loop> loop;
    loop.emplace();
    const auto main_body = []() -> coro<task<void>> {
        const auto chain = chain_that_waits(length);
        co_await yield_now();
        co_await yield_now();
        co_return chain.back();
    };
    loop->set_exception_handler([](auto&&...) {});
    const task<void> last = loop->run_until_complete(main_body());
    loop.reset();
    EXPECT_TRUE(last.cancelled());
}

TEST(long_chain, of_tasks_is_written_down) {
    rondo::testing::run([]() -> coro<void> {
        const auto chain = chain_that_waits(length);
        co_await rondo::testing::wait_all_tasks_blocked();
        const std::string tree = format_task_tree();
        EXPECT_NE(tree.find(chain.front().name() + " waiting"), tree.npos);
        const std::size_t enough = chain.size() * 300;
        EXPECT_LT(tree.size(), enough);
        EXPECT_LT(format_call_graph(chain.back()).size(), enough);
    }());
}

TEST(long_chain, of_groups_that_fail_ends_with_the_cause) {
    rondo::testing::run([]() -> coro<void> {
        const auto end = co_await as_outcome(nested_groups_that_fail(length));
        try {
            std::rethrow_exception(end.error());
        } catch (const exception_group& all) {
            EXPECT_NE(std::string(all.what()).find("runtime_error: the cause"), std::string::npos);
            EXPECT_STREQ(all.find<std::runtime_error>()->what(), "the cause");
        }
    }());
}

TEST(long_chain, of_exception_groups_is_written_searched_split_and_dropped) {
    std::exception_ptr all = std::make_exception_ptr(std::runtime_error("the cause"));
    for (int i = 0; i < length; ++i) {
        all = std::make_exception_ptr(exception_group("level " + std::to_string(i), {all}));
    }
    try {
        std::rethrow_exception(all);
    } catch (const exception_group& group) {
        EXPECT_NE(std::string(group.what()).find("runtime_error: the cause"), std::string::npos);
        EXPECT_STREQ(group.find<std::runtime_error>()->what(), "the cause");
        EXPECT_EQ(group.find<std::logic_error>(), nullptr);
        const auto [yes, no] = group.split([](const std::exception_ptr&) { return true; });
        EXPECT_EQ(yes.value().message(), group.message());
        EXPECT_FALSE(no);
    }
}

TEST(long_chain, of_callbacks_is_called_and_dropped) {
    rondo::testing::run([]() -> coro<void> {
        for (const bool called : {true, false}) {
            future<int> first;
            future<int> last = first;
            for (int i = 0; i < length; ++i) {
                future<int> next;
                last.add_done_callback([next](const future<int>&) { next.set_result(7); });
                last = next;
            }
            if (called) {
                first.set_result(7);
                EXPECT_EQ(co_await last, 7);
            }
        }
    }());
}

TEST(long_chain, of_futures_that_hold_each_other_is_dropped) {
    rondo::testing::run([]() -> coro<void> {
        std::shared_ptr<void> all;
        for (int i = 0; i < length; ++i) {
            future<std::shared_ptr<void>> f;
            f.set_result(std::move(all));
            all = std::make_shared<future<std::shared_ptr<void>>>(f);
        }
        co_return;
    }());
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
        const auto body = [](cancel_scope&) -> coro<void> { co_await nested_scopes(length); };
        const auto t = create_task([&]() -> coro<void> { co_await with(outermost, body); });
        co_await rondo::testing::wait_all_tasks_blocked();
        outermost.cancel();
        co_await t;
        EXPECT_TRUE(outermost.cancelled_caught());
    }());
}

TEST(long_chain, of_groups_is_cancelled) {
    rondo::testing::run([]() -> coro<void> {
        const auto t = create_task(nested_groups(length));
        for (int i = 0; i < length; ++i) {
            co_await yield_now();
        }
        t.cancel();
        co_await as_outcome(t);
        EXPECT_TRUE(t.cancelled());
    }());
}

TEST(long_chain, of_tasks_that_start_each_other_eagerly_ends) {
    rondo::testing::run(nested_eager_starts(length));
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
        for (int i = 0; i < length; ++i) {
            last = pass_values_on(std::move(last));
        }
        EXPECT_EQ(co_await last.next(), 0);
        EXPECT_EQ(co_await last.next(), 1);
    }());
}
