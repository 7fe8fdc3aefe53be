// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/run.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using trace = std::vector<std::string>;

const std::string long_text = "a text that is too long for the small buffer of a string";

/// What `work` throws, as its message.
coro<std::string> message_of(coro<void> work) {
    try {
        co_await std::move(work);
    } catch (const std::exception& e) {
        co_return e.what();
    } catch (const cancelled_error&) {
        co_return "cancelled";
    }
    co_return "nothing";
}

context_manager<std::string> borrow(trace& said, std::string name) {
    co_await sleep(1s);
    co_yield name;
    co_await sleep(1s);
    said.push_back("left " + name);
}

coro<void> say(trace& said, std::string what) {
    co_await sleep(1s);
    said.push_back(what);
}

coro<void> enters_many(trace& said) {
    co_await with(async_exit_stack(), [&](async_exit_stack& stack) -> coro<void> {
        std::vector<std::string*> names;
        for (const char* name : {"a", "b", "c"}) {
            names.push_back(&co_await stack.enter_async_context(borrow(said, name)));
        }
        stack.push_async_callback(say, std::ref(said), long_text);
        stack.callback([&](const std::string& what) { said.push_back(what); }, "called");
        for (std::string* name : names) {
            said.push_back(*name);
        }
    });
}

TEST(exit_stack, leaves_everything_in_reverse_order) {
    trace said;
    rondo::testing::run(enters_many(said));
    EXPECT_THAT(said,
                ElementsAre("a", "b", "c", "called", long_text, "left c", "left b", "left a"));
}

coro<void> fails_inside(trace& said) {
    co_await with(async_exit_stack(), [&](async_exit_stack& stack) -> coro<void> {
        static_cast<void>(co_await stack.enter_async_context(borrow(said, "a")));
        stack.callback([] { throw std::runtime_error("callback failed"); });
        static_cast<void>(co_await stack.enter_async_context(borrow(said, "b")));
        throw std::runtime_error("body failed");
    });
}

TEST(exit_stack, does_everything_even_after_errors_and_the_last_error_wins) {
    trace said;
    EXPECT_EQ(rondo::testing::run(message_of(fails_inside(said))), "callback failed");
    EXPECT_THAT(said, ElementsAre("left b", "left a"));
}

context_manager<> swallows() {
    const auto end = co_yield {};
    end.swallow();
}

coro<void> swallowed(trace& said) {
    co_await with(async_exit_stack(), [&](async_exit_stack& stack) -> coro<void> {
        static_cast<void>(co_await stack.enter_async_context(borrow(said, "outer")));
        co_await stack.enter_async_context(swallows());
        throw std::runtime_error("body failed");
    });
    said.push_back("after");
}

TEST(exit_stack, a_manager_may_swallow_the_error) {
    trace said;
    EXPECT_EQ(rondo::testing::run(message_of(swallowed(said))), "nothing");
    EXPECT_THAT(said, ElementsAre("left outer", "after"));
}

coro<void> keeps(trace& said) {
    std::optional<async_exit_stack> kept;
    {
        async_exit_stack stack;
        static_cast<void>(co_await stack.enter_async_context(borrow(said, "a")));
        stack.callback([&] { said.push_back("called"); });
        kept.emplace(stack.pop_all());
        co_await stack.aclose();
        EXPECT_TRUE(said.empty());
    }
    co_await kept->aclose();
    EXPECT_THAT(said, ElementsAre("called", "left a"));
    co_await kept->aclose();
    EXPECT_EQ(said.size(), 2u);
}

TEST(exit_stack, pop_all_hands_everything_over) {
    trace said;
    rondo::testing::run(keeps(said));
}

coro<void> enters_scopes(trace& said) {
    bool timed_out = false;
    try {
        co_await with(async_exit_stack(), [&](async_exit_stack& stack) -> coro<void> {
            static_cast<void>(co_await stack.enter_async_context(borrow(said, "a")));
            co_await stack.enter_async_context(timeout(5s));
            static_cast<void>(co_await stack.enter_async_context(borrow(said, "b")));
            co_await sleep_forever();
        });
    } catch (const timeout_error&) {
        timed_out = true;
    }
    EXPECT_TRUE(timed_out);
    EXPECT_THAT(said, ElementsAre("left b", "left a"));
}

TEST(exit_stack, timeouts_and_scopes_can_be_entered) {
    trace said;
    rondo::testing::run(enters_scopes(said));
}

coro<void> fails_to_enter(trace& said) {
    auto refuses = []() -> context_manager<> {
        throw std::runtime_error("refused");
        co_yield {};
    };
    co_await with(async_exit_stack(), [&](async_exit_stack& stack) -> coro<void> {
        static_cast<void>(co_await stack.enter_async_context(borrow(said, "a")));
        co_await stack.enter_async_context(refuses());
    });
}

TEST(exit_stack, a_manager_that_cannot_be_entered_is_not_left) {
    trace said;
    EXPECT_EQ(rondo::testing::run(message_of(fails_to_enter(said))), "refused");
    EXPECT_THAT(said, ElementsAre("left a"));
}

coro<void> cancelled_while_leaving(trace& said) {
    auto t = create_task(enters_many(said));
    co_await sleep(3500ms);
    t.cancel();
    co_await sleep(1s);
    t.cancel();
    co_await t;  // had nothing left to await but its clean-up
    EXPECT_EQ(said.back(), "left a");
    EXPECT_EQ(said.size(), 8u);
}

TEST(exit_stack, every_entry_is_shielded) {
    trace said;
    rondo::testing::run(cancelled_while_leaving(said));
}

TEST(exit_stack, what_was_entered_is_left_wherever_it_is_cancelled) {
    trace said;
    int left = 0;
    const int points = rondo::testing::cancel_sweep([&] { return enters_many(said); },
                                                    [&] {
                                                        left += static_cast<int>(said.size());
                                                        said.clear();
                                                    });
    EXPECT_GE(points, 7);
    EXPECT_GE(left, 8);
}

TEST(exit_stack, one_that_is_dropped_runs_nothing) {
    trace said;
    {
        async_exit_stack stack;
        stack.callback([&] { said.push_back("called"); });
    }
    EXPECT_TRUE(said.empty());
}

// ---- defer

coro<std::string> open(trace& said, std::string name) {
    co_await sleep(1s);
    co_await defer(say, std::ref(said), "closed " + name);
    co_await defer([&said] { said.push_back("first"); });
    co_return name;
}

coro<void> defers(trace& said) {
    co_await with(async_exit_stack(), [&]() -> coro<void> {
        auto outer = co_await open(said, "outer");
        co_await with(async_exit_stack(), [&]() -> coro<void> {
            static_cast<void>(co_await open(said, "inner"));
            said.push_back("inner body");
        });
        said.push_back(outer);
    });
}

TEST(defer, runs_when_the_innermost_stack_closes_the_last_first) {
    trace said;
    rondo::testing::run(defers(said));
    EXPECT_THAT(
        said, ElementsAre("inner body", "first", "closed inner", "outer", "first", "closed outer"));
}

coro<void> defers_outside(trace& said) {
    auto refused = [](trace& to) -> coro<void> { static_cast<void>(co_await open(to, "nothing")); };
    auto message = co_await message_of(refused(said));
    EXPECT_THAT(message, HasSubstr("not in the body of an async_exit_stack"));
    co_await with(async_exit_stack(), [&]() -> coro<void> {
        auto child = create_task(refused(said));
        auto in_child =
            co_await message_of([](task<void> it) -> coro<void> { co_await it; }(child));
        EXPECT_THAT(in_child, HasSubstr("not in the body of an async_exit_stack"));
    });
}

TEST(defer, is_refused_outside_of_the_body_and_in_other_tasks) {
    trace said;
    rondo::testing::run(defers_outside(said));
    EXPECT_TRUE(said.empty());
}

coro<void> deferred_and_cancelled(trace& said) {
    co_await with(async_exit_stack(), [&]() -> coro<void> {
        co_await defer(say, std::ref(said), "cleaned up");
        co_await sleep_forever();
    });
}

TEST(defer, is_shielded_from_cancellation) {
    trace said;
    auto main = [&]() -> coro<void> {
        co_await move_on_after(5s, [&]() -> coro<void> { co_await deferred_and_cancelled(said); });
    };
    rondo::testing::run(main());
    EXPECT_THAT(said, ElementsAre("cleaned up"));
}

}  // namespace
