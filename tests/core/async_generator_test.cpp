// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/run.hpp>

#include <memory>
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

struct says_goodbye {
    trace& to;
    ~says_goodbye() { to.push_back("destroyed"); }
};

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

template <class G>
coro<void> advance(G& g) {
    static_cast<void>(co_await g.next());
}

async_generator<int> count(int n, nanoseconds pause = 0s) {
    for (int i = 0; i < n; ++i) {
        if (pause > 0s) {
            co_await sleep(pause);
        }
        co_yield i;
    }
}

coro<std::vector<int>> all_of(async_generator<int> g) {
    std::vector<int> got;
    while (auto i = co_await g.next()) {
        got.push_back(*i);
    }
    auto after = co_await g.next();
    EXPECT_EQ(after, std::nullopt);
    EXPECT_TRUE(g.done());
    co_return got;
}

TEST(async_generator, gives_its_values_and_then_nullopt_for_ever) {
    EXPECT_THAT(rondo::testing::run(all_of(count(3))), ElementsAre(0, 1, 2));
    EXPECT_THAT(rondo::testing::run(all_of(count(3, 1s))), ElementsAre(0, 1, 2));
    EXPECT_THAT(rondo::testing::run(all_of(count(0))), ElementsAre());
}

coro<void> counts_turns() {
    int others = 0;
    get_running_loop().call_soon([&] { ++others; });
    auto g = count(1000);
    while (auto i = co_await g.next()) {
    }
    EXPECT_EQ(others, 0);
    co_await yield_now();
    EXPECT_EQ(others, 1);
}

TEST(async_generator, does_not_yield_to_other_tasks_unless_the_body_waits) {
    rondo::testing::run(counts_turns());
}

coro<long> sum_to(int n) {
    long sum = 0;
    auto g = count(n);
    while (auto i = co_await g.next()) {
        sum += *i;
    }
    co_return sum;
}

TEST(async_generator, a_million_values_that_are_there_at_once) {
    EXPECT_EQ(rondo::testing::run(sum_to(1'000'000)), 499'999'500'000L);
}

async_generator<int> nested(int depth, nanoseconds pause) {
    if (depth == 0) {
        co_await sleep(pause);
        co_yield 0;
        co_yield 1;
        co_return;
    }
    auto inner = nested(depth - 1, pause);
    while (auto i = co_await inner.next()) {
        co_yield *i;
    }
}

TEST(async_generator, generators_may_stand_behind_each_other_however_deep) {
    EXPECT_THAT(rondo::testing::run(all_of(nested(10'000, 1s))), ElementsAre(0, 1));
    EXPECT_THAT(rondo::testing::run(all_of(nested(10'000, 0s))), ElementsAre(0, 1));
}

async_generator<std::unique_ptr<std::string>, std::string> conversation(trace& heard) {
    auto first = co_yield std::make_unique<std::string>(long_text);
    heard.push_back(first);
    co_await sleep(1s);
    try {
        heard.push_back(co_yield std::make_unique<std::string>("how are you?"));
    } catch (const std::out_of_range& e) {
        heard.push_back(e.what());
    }
    co_await sleep(1s);
    co_yield std::make_unique<std::string>("bye");
}

coro<void> converse(trace& heard) {
    auto g = conversation(heard);
    auto hello = co_await g.next();
    EXPECT_EQ(**hello, long_text);
    auto second = co_await g.asend(long_text);
    EXPECT_EQ(**second, "how are you?");
    auto third = co_await g.athrow(std::out_of_range("too personal"));
    EXPECT_EQ(**third, "bye");
    auto end = co_await g.asend("bye");
    EXPECT_EQ(end, std::nullopt);
    auto after = co_await g.asend("still there?");
    EXPECT_EQ(after, std::nullopt);
}

TEST(async_generator, asend_and_athrow_reach_the_co_yield) {
    trace heard;
    rondo::testing::run(converse(heard));
    EXPECT_THAT(heard, ElementsAre(long_text, "too personal"));
}

coro<void> misuse_before_the_start() {
    trace heard;
    auto g = conversation(heard);
    auto send_first = [](auto& to) -> coro<void> { static_cast<void>(co_await to.asend("hi")); };
    auto refused = co_await message_of(send_first(g));
    EXPECT_THAT(refused, HasSubstr("can't send a value to a just-started async generator"));
    auto throw_first = [](auto& to) -> coro<void> {
        static_cast<void>(co_await to.athrow(std::runtime_error("thrown in")));
    };
    auto thrown = co_await message_of(throw_first(g));
    EXPECT_EQ(thrown, "thrown in");
    EXPECT_TRUE(g.done());
    auto thrown_again = co_await message_of(throw_first(g));
    EXPECT_EQ(thrown_again, "thrown in");
    co_await g.aclose();
}

TEST(async_generator, asend_and_athrow_before_the_start_are_refused_like_python_does) {
    rondo::testing::run(misuse_before_the_start());
}

async_generator<int> fails_after_one() {
    co_yield 1;
    co_await sleep(1s);
    throw std::runtime_error("body failed");
}

coro<void> meets_failure() {
    auto g = fails_after_one();
    co_await advance(g);
    auto message = co_await message_of(advance(g));
    EXPECT_EQ(message, "body failed");
    auto end = co_await g.next();
    EXPECT_EQ(end, std::nullopt);
}

TEST(async_generator, what_escapes_from_the_body_escapes_from_next_and_ends_it) {
    rondo::testing::run(meets_failure());
}

coro<void> two_at_once() {
    auto g = count(3, 1s);
    auto first = create_task(advance(g));
    co_await yield_now();
    auto refused = co_await message_of(advance(g));
    EXPECT_EQ(refused, "next(): asynchronous generator is already running");
    auto close = [](auto& it) -> coro<void> { co_await it.aclose(); };
    auto not_closed = co_await message_of(close(g));
    EXPECT_EQ(not_closed, "aclose(): asynchronous generator is already running");
    co_await first;
    auto next = co_await g.next();
    EXPECT_EQ(next, 1);
    co_await g.aclose();
}

TEST(async_generator, cannot_be_advanced_twice_at_once) { rondo::testing::run(two_at_once()); }

// ---- closing

async_generator<int> cleans_up(trace& said) {
    const says_goodbye at_end{said};
    std::exception_ptr stopped;
    try {
        for (int i = 0;; ++i) {
            co_yield i;
        }
    } catch (const generator_exit&) {
        said.push_back("exit");
        stopped = std::current_exception();
    }
    co_await sleep(1s);
    said.push_back("cleaned up");
    if (stopped) {
        std::rethrow_exception(stopped);
    }
}

coro<void> break_and_close(trace& said) {
    auto g = cleans_up(said);
    while (auto i = co_await g.next()) {
        if (*i == 2) {
            break;
        }
    }
    co_await g.aclose();
    said.push_back("closed");
    auto end = co_await g.next();
    EXPECT_EQ(end, std::nullopt);
    co_await g.aclose();
}

TEST(async_generator, aclose_lets_the_body_await_its_clean_up) {
    trace said;
    rondo::testing::run(break_and_close(said));
    EXPECT_THAT(said, ElementsAre("exit", "cleaned up", "destroyed", "closed"));
}

coro<void> leave_with(trace& said) {
    co_await with(cleans_up(said), [&](async_generator<int>& g) -> coro<void> {
        co_await advance(g);
        said.push_back("body");
    });
    said.push_back("after");
    try {
        co_await with(cleans_up(said), [&](async_generator<int>& g) -> coro<void> {
            co_await advance(g);
            throw std::runtime_error("body failed");
        });
    } catch (const std::runtime_error& e) {
        said.push_back(e.what());
    }
}

TEST(async_generator, with_closes_it) {
    trace said;
    rondo::testing::run(leave_with(said));
    EXPECT_THAT(said, ElementsAre("body", "exit", "cleaned up", "destroyed", "after", "exit",
                                  "cleaned up", "destroyed", "body failed"));
}

coro<void> stay_inside(trace& said) {
    co_await with(cleans_up(said), [&](async_generator<int>& g) -> coro<void> {
        co_await advance(g);
        co_await sleep_forever();
    });
}

coro<void> end_of(task<void> t) { co_await t; }

coro<void> with_is_shielded(trace& said) {
    auto t = create_task(stay_inside(said));
    co_await sleep(1s);
    t.cancel();
    co_await sleep(100ms);
    t.cancel();
    auto message = co_await message_of(end_of(t));
    EXPECT_EQ(message, "cancelled");
}

TEST(async_generator, with_closes_it_shielded_from_cancellation) {
    trace said;
    rondo::testing::run(with_is_shielded(said));
    EXPECT_THAT(said, ElementsAre("exit", "cleaned up", "destroyed"));
}

async_generator<int> goes_on_regardless() {
    while (true) {
        try {
            co_yield 1;
        } catch (const generator_exit&) {
        }
    }
}

async_generator<int> fails_in_clean_up() {
    try {
        co_yield 1;
    } catch (const generator_exit&) {
        throw std::runtime_error("clean-up failed");
    }
}

coro<void> close_badly() {
    auto close = [](auto& g) -> coro<void> { co_await g.aclose(); };
    auto stubborn = goes_on_regardless();
    co_await advance(stubborn);
    auto ignored = co_await message_of(close(stubborn));
    EXPECT_THAT(ignored, HasSubstr("async generator ignored generator_exit"));
    auto failing = fails_in_clean_up();
    co_await advance(failing);
    auto message = co_await message_of(close(failing));
    EXPECT_EQ(message, "clean-up failed");
    auto unstarted = count(3);
    co_await unstarted.aclose();
    EXPECT_TRUE(unstarted.done());
}

TEST(async_generator, aclose_reports_a_body_that_goes_on_or_fails) {
    rondo::testing::run(close_badly());
}

coro<void> drop_it(trace& said) {
    auto kept = cleans_up(said);
    co_await advance(kept);
    {
        auto moved = std::move(kept);
        co_await advance(moved);
    }
    said.push_back("after");
}

TEST(async_generator, dropping_it_destroys_the_body_where_it_stands) {
    trace said;
    rondo::testing::run(drop_it(said));
    EXPECT_THAT(said, ElementsAre("destroyed", "after"));
}

coro<void> start_and_leave(std::optional<async_generator<int>>& kept, trace& said) {
    kept.emplace(cleans_up(said));
    co_await advance(*kept);
}

TEST(async_generator, one_that_outlives_the_run_is_closed_by_it_even_when_it_was_moved) {
    trace said;
    std::optional<async_generator<int>> kept;
    rondo::testing::run(start_and_leave(kept, said));
    EXPECT_THAT(said, ElementsAre("exit", "cleaned up", "destroyed"));
    EXPECT_TRUE(kept->done());

    std::optional<async_generator<int>> moved;
    auto move_it = [](auto& from, auto& to, trace& heard) -> coro<void> {
        co_await start_and_leave(from, heard);
        to.emplace(std::move(*from));
        from.reset();
    };
    said.clear();
    rondo::testing::run(move_it(kept, moved, said));
    EXPECT_THAT(said, ElementsAre("exit", "cleaned up", "destroyed"));
}

TEST(async_generator, one_that_is_dropped_after_its_loop_is_no_trouble) {
    trace said;
    {
        std::optional<async_generator<int>> kept;
        event_loop loop(driver_kind::epoll);
        loop.run_until_complete(start_and_leave(kept, said));
        loop.close();
        EXPECT_TRUE(said.empty());
    }
    EXPECT_THAT(said, ElementsAre("destroyed"));
}

// ---- cancellation

async_generator<int> waits(trace& said) {
    const says_goodbye at_end{said};
    co_yield 0;
    try {
        co_await sleep_forever();
    } catch (const cancelled_error&) {
        said.push_back("cancelled");
        throw;
    }
}

coro<void> cancel_the_consumer(trace& said) {
    auto g = waits(said);
    co_await advance(g);
    auto consumer = create_task(advance(g));
    co_await yield_now();
    consumer.cancel();
    auto message = co_await message_of(end_of(consumer));
    EXPECT_EQ(message, "cancelled");
    auto end = co_await g.next();
    EXPECT_EQ(end, std::nullopt);
}

TEST(async_generator, cancellation_of_the_consumer_reaches_the_await_of_the_body) {
    trace said;
    rondo::testing::run(cancel_the_consumer(said));
    EXPECT_THAT(said, ElementsAre("cancelled", "destroyed"));
}

TEST(async_generator, a_consumer_that_is_destroyed_takes_the_body_with_it) {
    trace said;
    auto g = waits(said);
    auto twice = [](async_generator<int>& from) -> coro<void> {
        co_await advance(from);
        co_await advance(from);
    };
    {
        event_loop loop(driver_kind::epoll);
        loop.set_exception_handler([](event_loop&, const exception_context&) {});
        std::ignore = loop.create_task(twice(g));
        loop.stop();
        loop.run_forever();
        EXPECT_TRUE(said.empty());
    }
    EXPECT_THAT(said, ElementsAre("destroyed"));
    EXPECT_TRUE(g.done());
}

coro<void> two_side_by_side(trace& said) {
    auto g = count(3, 1s);
    co_await with(cleans_up(said), [&](async_generator<int>& other) -> coro<void> {
        while (auto i = co_await g.next()) {
            co_await advance(other);
        }
    });
}

TEST(async_generator, nothing_leaks_wherever_it_is_cancelled) {
    trace said;
    const int points = rondo::testing::cancel_sweep([&] { return two_side_by_side(said); });
    EXPECT_GE(points, 4);
}

// ---- looking inside

coro<std::vector<std::string>> where_it_stands() {
    auto g = count(1, 1s);
    auto consumer = create_task(advance(g));
    co_await yield_now();
    const auto stack = consumer.get_stack();
    co_await consumer;
    co_return stack;
}

TEST(async_generator, the_body_stands_in_the_stack_of_the_task) {
    const auto stack = rondo::testing::run(where_it_stands());
    EXPECT_THAT(stack, ElementsAre(HasSubstr("async_generator_test.cpp"),
                                   HasSubstr("async_generator_test.cpp")));
}

}  // namespace
