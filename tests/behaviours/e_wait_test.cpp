// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"
#include <rondo/core/as_completed.hpp>

#include <stdexcept>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of;

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

std::string names_of(const std::vector<task<int>>& tasks) {
    std::string names;
    for (const auto& t : tasks) {
        names += t.name();
    }
    return names;
}

}  // namespace

BEHAVIOUR(B122_wait_partitions_by_all_first_completed_and_first_exception) {
    run([&]() -> coro<void> {
        const future<int> gates[3];
        const task<int> a = create_task(passes(gates[0]), {.name = "a"});
        const task<int> b = create_task(passes(gates[1]), {.name = "b"});
        const task<int> c = create_task(passes(gates[2]), {.name = "c"});
        const std::vector all{a, b, c};
        auto& loop = get_running_loop();
        loop.call_later(1ms, [&] { gates[0].set_result(1); });
        const auto first = co_await wait(all, {.return_when = first_completed});
        note(names_of(first.done) + "/" + names_of(first.pending));
        loop.call_later(1ms, [&] { gates[1].set_exception(std::runtime_error("bad")); });
        const auto failed = co_await wait(all, {.return_when = first_exception});
        note(names_of(failed.done) + "/" + names_of(failed.pending));
        loop.call_later(1ms, [&] { gates[2].set_result(3); });
        const auto rest = co_await wait(all, {.return_when = all_completed});
        note(names_of(rest.done) + "/" + names_of(rest.pending));
        EXPECT_NE(b.exception(), nullptr);
    });
    EXPECT_EQ(trace(), "a/bc ab/c abc/");
    EXPECT_EQ(trace(), twin("wait_partitions"));
}

BEHAVIOUR(B123_first_exception_is_not_triggered_by_a_cancelled_member) {
    run([&]() -> coro<void> {
        const task<int> cancelled = create_task(after(1h, 1), {.name = "x"});
        const task<int> good = create_task(after(3ms, 2), {.name = "y"});
        get_running_loop().call_later(1ms, [&] { cancelled.cancel(); });
        const std::vector both{cancelled, good};
        const auto r = co_await wait(both, {.return_when = first_exception});
        note(names_of(r.done) + "/" + names_of(r.pending));
    });
    EXPECT_EQ(trace(), "xy/");
    EXPECT_EQ(trace(), twin("wait_ignores_cancelled"));
}

BEHAVIOUR(B124_a_wait_timeout_neither_throws_nor_cancels) {
    run([&]() -> coro<void> {
        const future<int> gate;
        const task<int> quick = create_task(after(0ms, 1), {.name = "q"});
        const task<int> slow = create_task(passes(gate), {.name = "s"});
        const std::vector both{quick, slow};
        const auto r = co_await wait(both, {.timeout = 4ms});
        note(names_of(r.done) + "/" + names_of(r.pending));
        EXPECT_EQ(slow.cancelling(), 0);
        gate.set_result(2);
        note(std::to_string(co_await slow));
    });
    EXPECT_EQ(trace(), "q/s 2");
    EXPECT_EQ(trace(), twin("wait_timeout"));
}

BEHAVIOUR(B125_wait_on_an_empty_set_fails) {
    run([&]() -> coro<void> {
        const std::vector<task<int>> none;
        try {
            co_await wait(none);
            note("never");
        } catch (const std::invalid_argument& e) {
            EXPECT_THAT(e.what(), ::testing::HasSubstr("empty"));
            note("refused");
        }
    });
    EXPECT_EQ(trace(), "refused");
}

BEHAVIOUR(B126_cancelling_wait_leaves_the_members_running) {
    run([&]() -> coro<void> {
        const future<int> gate;
        const task<int> member = create_task(passes(gate));
        const std::vector one{member};
        const auto waits = [&]() -> coro<void> { co_await wait(one); };
        const task<> t = create_task(waits());
        co_await sleep(1ms);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
        EXPECT_EQ(member.cancelling(), 0);
        gate.set_result(5);
        note(std::to_string(co_await member));
    });
    EXPECT_EQ(trace(), "cancelled 5");
    EXPECT_EQ(trace(), twin("wait_cancelled"));
}

BEHAVIOUR(B127_wait_for_members_that_are_done_does_not_yield_more_than_once) {
    run([&]() -> coro<void> {
        const task<int> member = create_task(after(0ms, 5));
        co_await member;
        int passes = 0;
        const auto counts = [&]() -> coro<void> {
            for (;;) {
                ++passes;
                co_await yield_now();
            }
        };
        const task<> counter = create_task(counts());
        const std::vector one{member};
        const auto r = co_await wait(one);
        EXPECT_LE(passes, 1);
        EXPECT_EQ(r.done.size(), 1u);
        counter.cancel();
    });
}

BEHAVIOUR(B128_as_completed_yields_in_completion_order) {
    run([&]() -> coro<void> {
        std::vector<coro<int>> coroutines;
        coroutines.push_back(after(7ms, 1));
        coroutines.push_back(after(1ms, 2));
        coroutines.push_back(after(4ms, 3));
        auto finished = as_completed(coroutines);
        while (const auto t = co_await finished.next()) {
            EXPECT_TRUE(t->done());
            note(std::to_string(t->result()));
        }
    });
    EXPECT_EQ(trace(), "2 3 1");
    EXPECT_EQ(trace(), twin("as_completed"));
}

BEHAVIOUR(B128_as_completed_keeps_the_order_of_those_that_finish_while_nobody_asks) {
    run([&]() -> coro<void> {
        const std::vector tasks{create_task(after(5ms, 1)), create_task(after(1ms, 2)),
                                create_task(after(3ms, 3))};
        auto finished = as_completed(tasks);
        while (const auto t = co_await finished.next()) {
            note(std::to_string(t->result()));
            co_await sleep(8ms);
        }
    });
    EXPECT_EQ(trace(), "2 3 1");
}

BEHAVIOUR(B129_as_completed_yields_the_original_handles) {
    run([&]() -> coro<void> {
        const task<int> slow = create_task(after(4ms, 1));
        const task<int> quick = create_task(after(1ms, 2));
        auto finished = as_completed(std::vector{slow, quick});
        const auto first = co_await finished.next();
        EXPECT_TRUE(*first == quick);
        const auto second = co_await finished.next();
        EXPECT_TRUE(*second == slow);
        EXPECT_FALSE(co_await finished.next());
    });
}

BEHAVIOUR(B129_as_completed_gives_duplicates_once_and_failed_members_as_handles) {
    run([&]() -> coro<void> {
        const task<int> bad = create_task(fails_after(1ms, "bad"));
        auto finished = as_completed(std::vector{bad, bad});
        const auto first = co_await finished.next();
        note(rondo_test::end_of_handle(*first));
        EXPECT_FALSE(co_await finished.next());
    });
    EXPECT_EQ(trace(), "bad");
}

BEHAVIOUR(B130_as_completed_timeout_throws_for_what_is_missing_and_members_continue) {
    run([&]() -> coro<void> {
        const future<int> gate;
        const task<int> quick = create_task(after(0ms, 1));
        const task<int> slow = create_task(passes(gate));
        auto finished = as_completed(std::vector{quick, slow}, 5ms);
        note(std::to_string((co_await finished.next())->result()));
        try {
            co_await finished.next();
            note("never");
        } catch (const timeout_error&) {
            note("timeout");
        }
        EXPECT_EQ(slow.cancelling(), 0);
        gate.set_result(2);
        note(std::to_string(co_await slow));
    });
    EXPECT_EQ(trace(), "1 timeout 2");
    EXPECT_EQ(trace(), twin("as_completed_timeout"));
}

BEHAVIOUR(B130_as_completed_gives_what_finished_in_time_even_if_it_is_asked_for_late) {
    run([&]() -> coro<void> {
        const task<int> quick = create_task(after(0ms, 1));
        const task<int> slow = create_task(after(1h, 2));
        auto finished = as_completed(std::vector{quick, slow}, 4ms);
        co_await sleep(8ms);
        note(end_of(co_await as_outcome(finished.next())));
        note(end_of(co_await as_outcome(finished.next())));
        slow.cancel();
    });
    EXPECT_EQ(trace(), "value timeout");
}

BEHAVIOURS_ON_EVERY_DRIVER;
