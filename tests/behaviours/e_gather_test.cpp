// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"

#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of;
using rondo_test::end_of_handle;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

coro<int> after(std::chrono::milliseconds delay, int value) {
    co_await sleep(delay);
    co_return value;
}

coro<int> passes(future<int> gate) { co_return co_await gate; }

coro<int> fails_after(std::chrono::milliseconds delay, const char* what) {
    co_await sleep(delay);
    throw std::runtime_error(what);
}

}  // namespace

BEHAVIOUR(B112_gather_gives_results_in_the_order_of_its_arguments) {
    run([&]() -> coro<void> {
        const auto noted = [this](std::chrono::milliseconds delay, int value) -> coro<int> {
            co_await sleep(delay);
            note("done" + std::to_string(value));
            co_return value;
        };
        const auto [a, b, c] = co_await gather(noted(6ms, 1), noted(1ms, 2), noted(3ms, 3));
        note(std::to_string(a) + std::to_string(b) + std::to_string(c));
    });
    EXPECT_EQ(trace(), "done2 done3 done1 123");
    EXPECT_EQ(trace(), twin("gather_order"));
}

BEHAVIOUR(B112_gather_of_a_range_too) {
    run([&]() -> coro<void> {
        std::vector<coro<int>> coroutines;
        for (int i = 0; i < 4; ++i) {
            coroutines.push_back(after(4ms - std::chrono::milliseconds(i), i));
        }
        EXPECT_THAT(co_await gather(coroutines), ElementsAre(0, 1, 2, 3));
    });
}

BEHAVIOUR(B113_empty_gather_completes_with_an_empty_list) {
    run([&]() -> coro<void> {
        std::vector<coro<int>> none;
        EXPECT_THAT(co_await gather(none), IsEmpty());
        EXPECT_THAT(co_await gather(return_exceptions, none), IsEmpty());
        static_assert(std::is_same_v<awaitable_result_t<decltype(gather())>, std::tuple<>>);
        co_await gather();
    });
}

BEHAVIOUR(B114_duplicates_run_once_and_the_value_is_repeated) {
    run([&]() -> coro<void> {
        const auto body = [this]() -> coro<int> {
            note("runs");
            co_await sleep(1ms);
            co_return 5;
        };
        const task<int> t = create_task(body());
        const auto [a, b] = co_await gather(t, t);
        note(std::to_string(a) + std::to_string(b));
    });
    EXPECT_EQ(trace(), "runs 55");
    EXPECT_EQ(trace(), twin("gather_duplicates"));
}

BEHAVIOUR(B114_a_duplicate_that_fails_ends_the_wait_for_it_once) {
    run([&]() -> coro<void> {
        const task<int> bad = create_task(fails_after(1ms, "bad"));
        note(end_of(co_await as_outcome(gather(bad, bad, bad))));
        const task<int> again = create_task(fails_after(1ms, "again"));
        note(end_of(co_await as_outcome(race(again, again))));
    });
    EXPECT_EQ(trace(), "bad again");
}

BEHAVIOUR(B115_the_first_error_completes_gather_and_sibling_tasks_continue) {
    run([&]() -> coro<void> {
        const future<> gate;
        const auto sibling = [&]() -> coro<void> {
            co_await gate;
            note("sibling");
        };
        const task<int> bad = create_task(fails_after(1ms, "bad"));
        const task<> good = create_task(sibling());
        note(end_of(co_await as_outcome(gather(bad, good))));
        EXPECT_FALSE(good.done());
        gate.set_result();
        co_await good;
    });
    EXPECT_EQ(trace(), "bad sibling");
    EXPECT_EQ(trace(), twin("gather_first_error"));
}

BEHAVIOUR(B115_sibling_coroutines_are_cancelled_and_waited_for) {
    run([&]() -> coro<void> {
        const auto sibling = [this]() -> coro<void> {
            co_await finally_([]() -> coro<void> { co_await sleep(1h); },
                              [&]() -> coro<void> {
                                  co_await sleep(2ms);
                                  note("cleaned-up");
                              });
        };
        note(end_of(co_await as_outcome(gather(fails_after(1ms, "bad"), sibling()))));
    });
    EXPECT_EQ(trace(), "cleaned-up bad");
}

BEHAVIOUR(B116_return_exceptions_collects_everything_cancellations_as_values_too) {
    run([&]() -> coro<void> {
        const task<int> cancelled = create_task(after(1h, 0));
        cancelled.cancel();
        const auto [value, error, other] =
            co_await gather(return_exceptions, after(2ms, 1), fails_after(1ms, "bad"), cancelled);
        note(end_of(value));
        note(end_of(error));
        note(end_of(other));
    });
    EXPECT_EQ(trace(), "value bad cancelled");
    EXPECT_EQ(trace(), twin("gather_return_exceptions"));
}

BEHAVIOUR(B117_cancelling_gather_cancels_every_unfinished_child) {
    run([&]() -> coro<void> {
        const task<int> done = create_task(after(0ms, 1));
        const task<int> first = create_task(after(1h, 2));
        const task<int> second = create_task(after(1h, 3));
        const future<int> plain;
        const auto body = [&]() -> coro<void> { co_await gather(done, first, second, plain); };
        const task<> t = create_task(body());
        co_await sleep(1ms);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
        const std::vector both{first, second};
        co_await wait(both);
        note(end_of_handle(done));
        note(end_of_handle(first));
        note(end_of_handle(second));
        note(end_of_handle(plain));
    });
    EXPECT_EQ(trace(), "cancelled value cancelled cancelled cancelled");
    EXPECT_EQ(trace(), twin("gather_cancelled"));
}

BEHAVIOUR(B118_a_cancelled_gather_with_return_exceptions_still_throws_once_its_children_ended) {
    run([&]() -> coro<void> {
        const auto child = [this]() -> coro<void> {
            bool cancelled = false;
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                cancelled = true;
            }
            EXPECT_TRUE(cancelled);
            co_await sleep(1ms);
            note("child-ended");
        };
        const task<> first = create_task(child());
        const task<> second = create_task(child());
        const auto body = [&]() -> coro<void> {
            co_await gather(return_exceptions, first, second);
            note("never");
        };
        const task<> t = create_task(body());
        co_await sleep(1ms);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "child-ended child-ended cancelled");
    EXPECT_EQ(trace(), twin("gather_cancelled_return_exceptions"));
}

BEHAVIOUR(B119_one_cancelled_child_gives_the_awaiter_a_cancelled_error_and_leaves_the_rest) {
    run([&]() -> coro<void> {
        const future<int> gate;
        const task<int> victim = create_task(after(1h, 1));
        const task<int> other = create_task(passes(gate));
        co_await yield_now();
        victim.cancel();
        try {
            co_await gather(victim, other);
        } catch (const cancelled_error&) {
            note("cancelled");
        }
        EXPECT_EQ(current_task().cancelling(), 0);
        EXPECT_FALSE(other.done());
        gate.set_result(2);
        note(std::to_string(co_await other));
    });
    EXPECT_EQ(trace(), "cancelled 2");
    EXPECT_EQ(trace(), twin("gather_child_cancelled"));
}

BEHAVIOUR(B120_later_sibling_failures_are_not_reported_as_unretrieved) {
    int reports = 0;
    run([&]() -> coro<void> {
        get_running_loop().set_exception_handler(
            [&](event_loop&, const exception_context&) { ++reports; });
        {
            const task<int> first = create_task(fails_after(1ms, "first"));
            const task<int> later = create_task(fails_after(3ms, "later"));
            note(end_of(co_await as_outcome(gather(first, later))));
        }
        co_await sleep(6ms);
        get_running_loop().set_exception_handler({});
    });
    EXPECT_EQ(trace(), "first");
    EXPECT_EQ(reports, 0);
}

BEHAVIOUR(B121_gather_of_futures_from_two_loops_fails) {
    const auto other_loop = make_loop();
    const future<int> foreign = other_loop->create_future<int>();
    run([&]() -> coro<void> {
        const future<int> mine;
        note(end_of(co_await as_outcome(gather(mine, foreign))));
    });
    EXPECT_THAT(trace(), ::testing::HasSubstr("another event loop"));
}

BEHAVIOUR(B131_shield_leaves_the_inner_running_when_the_outer_is_cancelled) {
    run([&]() -> coro<void> {
        const future<int> gate;
        const task<int> inner = create_task(passes(gate));
        const auto outer = [&]() -> coro<void> { co_await shield(inner); };
        const task<> t = create_task(outer());
        co_await sleep(1ms);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
        EXPECT_FALSE(inner.done());
        gate.set_result(9);
        note(std::to_string(co_await inner));
    });
    EXPECT_EQ(trace(), "cancelled 9");
    EXPECT_EQ(trace(), twin("shield"));
}

BEHAVIOUR(B131_a_shielded_coroutine_goes_on_as_a_task) {
    run([&]() -> coro<void> {
        const future<> gate;
        const auto inner = [&]() -> coro<void> {
            co_await gate;
            note("inner");
        };
        const auto outer = [&]() -> coro<void> { co_await shield(inner()); };
        const task<> t = create_task(outer());
        co_await sleep(1ms);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
        gate.set_result();
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "cancelled inner");
}

BEHAVIOUR(B132_shield_of_a_done_future_returns_it) {
    run([&]() -> coro<void> {
        const future<int> f;
        f.set_result(8);
        bool others_ran = false;
        get_running_loop().call_soon([&] { others_ran = true; });
        EXPECT_EQ(co_await shield(f), 8);
        EXPECT_FALSE(others_ran);
        co_await yield_now();
        EXPECT_TRUE(others_ran);
    });
}

BEHAVIOUR(B133_a_cancelled_inner_makes_shield_throw_cancelled) {
    run([&]() -> coro<void> {
        const task<int> inner = create_task(after(1h, 0));
        get_running_loop().call_soon([&] { inner.cancel(); });
        note(end_of(co_await as_outcome(shield(inner))));
        EXPECT_EQ(current_task().cancelling(), 0);
    });
    EXPECT_EQ(trace(), "cancelled");
}

BEHAVIOUR(B134_an_inner_that_fails_after_the_outer_was_cancelled_is_reported_once) {
    std::vector<std::string> reports;
    run([&]() -> coro<void> {
        get_running_loop().set_exception_handler(
            [&](event_loop&, const exception_context& c) { reports.push_back(c.message); });
        const auto outer = []() -> coro<void> { co_await shield(fails_after(3ms, "late")); };
        const task<> t = create_task(outer());
        co_await sleep(1ms);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
        co_await sleep(6ms);
        get_running_loop().set_exception_handler({});
    });
    EXPECT_EQ(trace(), "cancelled");
    EXPECT_THAT(reports, ElementsAre("task exception was never retrieved"));
}

BEHAVIOUR(B135_sleep_of_zero_or_less_yields_exactly_one_pass) {
    run([&]() -> coro<void> {
        const auto other = [this]() -> coro<void> {
            for (int i = 0; i < 3; ++i) {
                note("other" + std::to_string(i));
                co_await sleep(0ms);
            }
        };
        const task<> t = create_task(other());
        note("a");
        co_await sleep(0ms);
        note("b");
        co_await sleep(-1s);
        note("c");
        co_await t;
    });
    EXPECT_EQ(trace(), "a other0 b other1 c other2");
    EXPECT_EQ(trace(), twin("sleep_zero"));
}

BEHAVIOUR(B135_sleep_of_nan_is_refused) {
    run([&]() -> coro<void> {
        const std::chrono::duration<double> nan(std::numeric_limits<double>::quiet_NaN());
        EXPECT_THROW(std::ignore = sleep(nan), std::invalid_argument);
        co_return;
    });
}

BEHAVIOUR(B136_sleep_returns_the_given_value) {
    run([&]() -> coro<void> {
        EXPECT_EQ(co_await sleep(1ms, 7), 7);
        auto kept = co_await sleep(0ms, std::make_unique<int>(3));
        EXPECT_EQ(*kept, 3);
    });
}

BEHAVIOURS_ON_EVERY_DRIVER;
