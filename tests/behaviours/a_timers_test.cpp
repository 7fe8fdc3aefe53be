// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "descriptors.hpp"

#include <memory>
#include <vector>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::pipe_pair;

BEHAVIOUR(B020_call_later_never_fires_before_its_delay) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        int fired = 0;
        for (const auto delay : {0us, 1us, 100us, 999us, 1001us, 3000us}) {
            const time_point begin = loop.time();
            loop.call_later(delay, [&loop, &fired, begin, delay] {
                ++fired;
                EXPECT_GE(loop.time() - begin, delay);
            });
        }
        co_await sleep(10ms);
        EXPECT_EQ(fired, 6);
    });
}

BEHAVIOUR(B021_timers_fire_in_deadline_order_whatever_the_order_of_registration) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const time_point begin = loop.time();
        for (const int n : {5, 1, 8, 3, 9, 2, 7, 4, 6}) {
            loop.call_at(begin + n * 100us, [this, n] { note(std::to_string(n)); });
        }
        co_await sleep(5ms);
    });
    EXPECT_EQ(trace(), "1 2 3 4 5 6 7 8 9");
}

BEHAVIOUR(B022_equal_deadlines_fire_first_in_first_out) {
    std::vector<int> order;
    std::vector<int> expected;
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const time_point when = loop.time() + 1ms;
        for (int n = 0; n < 1000; ++n) {
            expected.push_back(n);
            loop.call_at(when, [&order, n] { order.push_back(n); });
        }
        co_await sleep(5ms);
    });
    EXPECT_EQ(order, expected);
}

BEHAVIOUR(B023_zero_and_negative_delays_run_next_pass_after_queued_callbacks_by_deadline) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        loop.call_later(-1s, [&] { note("n1"); });
        loop.call_later(-2s, [&] { note("n2"); });
        loop.call_soon([&] { note("s"); });
        loop.call_later(0s, [&] { note("z"); });
        co_await sleep(1ms);
    });
    EXPECT_EQ(trace(), "s n2 n1 z");
    EXPECT_EQ(trace(), twin("timers_that_are_due"));
}

BEHAVIOUR(B024_cancelling_a_timer_prevents_it_and_frees_what_it_owned_at_once) {
    const auto held = std::make_shared<int>(0);
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        std::vector<timer_handle> handles;
        for (int n = 0; n < 10'000; ++n) {
            handles.push_back(loop.call_later(1ms + n * 1us, [held] { ++*held; }));
        }
        EXPECT_EQ(held.use_count(), 10'001);
        EXPECT_EQ(core_of(loop).timers().size(), 10'000u);
        for (timer_handle& handle : handles) {
            handle.cancel();
            EXPECT_TRUE(handle.cancelled());
        }
        EXPECT_EQ(core_of(loop).timers().size(), 0u);
        EXPECT_EQ(held.use_count(), 1) << "cancelled timers keep what they owned";
        co_await sleep(20ms);
    });
    EXPECT_EQ(*held, 0);
}

BEHAVIOUR(B024_a_timer_that_is_due_can_be_cancelled_until_it_runs) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        timer_handle second;
        const time_point when = loop.time() + 1ms;
        loop.call_at(when, [&] {
            note("first");
            second.cancel();
            second.cancel();
        });
        second = loop.call_at(when, [&] { note("second"); });
        co_await sleep(2ms);
        second.cancel();
    });
    EXPECT_EQ(trace(), "first");
}

BEHAVIOUR(B025_a_timer_handle_tells_when_and_orders_by_deadline) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const time_point base = loop.time();
        timer_handle late = loop.call_at(base + 2s, [] {});
        timer_handle early = loop.call_at(base + 1s, [] {});
        timer_handle after_delay = loop.call_later(3s, [] {});
        EXPECT_EQ(late.when(), base + 2s);
        EXPECT_EQ(early.when(), base + 1s);
        EXPECT_GE(after_delay.when(), base + 3s);
        EXPECT_LT(early, late);
        EXPECT_LT(late, after_delay);
        EXPECT_FALSE(late < early);
        for (timer_handle* handle : {&late, &early, &after_delay}) {
            handle->cancel();
        }
        EXPECT_EQ(early.when(), base + 1s) << "also when it is cancelled";
        co_return;
    });
}

BEHAVIOUR(B026_io_callbacks_run_before_due_timers_and_both_after_older_callbacks) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const pipe_pair pipe;
        loop.add_reader(pipe.read_end, [&] {
            note("reader");
            loop.remove_reader(pipe.read_end);
        });
        loop.call_soon([&] {
            pipe.send("x");
            loop.call_later(0s, [&] { note("timer"); });
            loop.call_soon([&] { note("older"); });
        });
        co_await sleep(1ms);
    });
    EXPECT_EQ(trace(), "older reader timer");
    EXPECT_EQ(trace(), twin("io_before_timers"));
}

BEHAVIOUR(B030_loop_time_is_monotonic_and_the_clock_of_timers) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        time_point last = loop.time();
        for (int n = 0; n < 1000; ++n) {
            const time_point now = loop.time();
            EXPECT_GE(now, last);
            last = now;
        }
        const time_point before = loop_clock::now();
        const timer_handle timer = loop.call_later(2ms, [&] { note("fired"); });
        const time_point after = loop_clock::now();
        EXPECT_GE(timer.when(), before + 2ms);
        EXPECT_LE(timer.when(), after + 2ms);
        co_await sleep_until(timer.when());
        EXPECT_GE(loop.time(), timer.when());
        EXPECT_EQ(trace(), "fired");
        if (simulated()) {
            EXPECT_EQ(loop.time(), before + 2ms) << "virtual time stands still while code runs";
        }
    });
}
