// SPDX-License-Identifier: MIT
#include "behaviour.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <thread>
#include <tuple>

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

BEHAVIOUR(B010_stop_lets_the_batch_finish_and_keeps_new_callbacks_for_the_next_run) {
    const auto loop = make_loop();
    loop->call_soon([&] {
        note("a");
        loop->stop();
        loop->call_soon([&] { note("late"); });
    });
    loop->call_soon([&] { note("b"); });
    loop->run_forever();
    note("stopped");
    loop->call_soon([&] { loop->stop(); });
    loop->run_forever();
    EXPECT_EQ(trace(), "a b stopped late");
    EXPECT_EQ(trace(), twin("stop_finishes_the_batch"));
}

BEHAVIOUR(B011_stop_before_run_forever_gives_exactly_one_pass_that_does_not_wait) {
    const auto loop = make_loop();
    loop->call_soon([&] {
        note("a");
        loop->call_soon([&] { note("a2"); });
    });
    loop->call_later(1h, [&] { note("never"); });
    const time_point begin = loop->time();
    loop->stop();
    loop->run_forever();
    note("first");
    loop->stop();
    loop->run_forever();
    note("second");
    loop->stop();
    loop->run_forever();
    EXPECT_EQ(trace(), "a first a2 second");
    EXPECT_EQ(trace(), twin("stop_before_run"));
    EXPECT_LT(loop->time() - begin, 1min);
}

BEHAVIOUR(B011_the_one_pass_looks_at_timers_even_when_callbacks_are_ready) {
    const auto loop = make_loop();
    loop->call_later(-1ms, [&] { note("timer"); });
    loop->call_soon([&] { note("soon"); });
    loop->stop();
    loop->run_forever();
    EXPECT_EQ(trace(), "soon timer");
}

BEHAVIOUR(B012_run_forever_fails_while_this_or_another_loop_runs_in_the_thread) {
    const auto loop = make_loop();
    const auto other = make_loop();
    loop->call_soon([&] {
        EXPECT_THAT([&] { loop->run_forever(); },
                    ThrowsMessage<std::runtime_error>(HasSubstr("already running")));
        EXPECT_THAT([&] { other->run_forever(); },
                    ThrowsMessage<std::runtime_error>(HasSubstr("another event loop runs")));
        note("refused");
        loop->stop();
    });
    loop->run_forever();
    EXPECT_EQ(trace(), "refused");
}

BEHAVIOUR(B013_run_until_complete_returns_the_result_or_rethrows) {
    const auto loop = make_loop();
    const auto answer = []() -> coro<std::string> {
        co_await yield_now();
        co_return "answer";
    };
    const auto fail = []() -> coro<int> {
        co_await yield_now();
        throw std::domain_error("failed");
    };
    EXPECT_EQ(loop->run_until_complete(answer()), "answer");
    EXPECT_THROW(loop->run_until_complete(fail()), std::domain_error);
}

BEHAVIOUR(B014_run_until_complete_fails_if_the_loop_is_stopped_before_completion) {
    const auto loop = make_loop();
    const auto waits = []() -> coro<void> { co_await sleep_forever(); };
    const task<void> main = loop->create_task(waits());
    loop->call_soon([&] { loop->stop(); });
    EXPECT_THAT([&] { loop->run_until_complete(main); },
                ThrowsMessage<std::runtime_error>(HasSubstr("stopped before")));
    EXPECT_FALSE(main.done());
    main.cancel();
    EXPECT_THROW(loop->run_until_complete(main), cancelled_error);
}

BEHAVIOUR(B015_a_nested_run_until_complete_fails_and_never_starts_its_coroutine) {
    const auto inner = [this]() -> coro<void> {
        note("inner");
        co_return;
    };
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        EXPECT_THROW(loop.run_until_complete(inner()), std::runtime_error);
        EXPECT_EQ(loop.all_tasks().size(), 1u);
        note("refused");
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "refused");
}

BEHAVIOUR(B016_run_until_complete_of_a_future_that_is_done_returns_its_result) {
    const auto loop = make_loop();
    const future<std::string> f = loop->create_future<std::string>();
    f.set_result("done before");
    EXPECT_EQ(loop->run_until_complete(f), "done before");
    EXPECT_EQ(loop->run_until_complete(f), "done before") << "a result can be had again";

    const auto say = []() -> coro<std::string> { co_return "of a task"; };
    const task<std::string> t = loop->create_task(say());
    EXPECT_EQ(loop->run_until_complete(t), "of a task");
    EXPECT_EQ(t.result(), "of a task");
}

BEHAVIOUR(B017_close_while_running_fails_twice_is_fine_and_scheduling_after_it_fails) {
    const auto loop = make_loop();
    const auto closes_loop = [&]() -> coro<void> {
        EXPECT_THROW(loop->close(), std::runtime_error);
        co_return;
    };
    loop->run_until_complete(closes_loop());
    EXPECT_FALSE(loop->is_closed());
    loop->close();
    loop->close();
    EXPECT_TRUE(loop->is_closed());

    const auto nothing = [] {};
    const auto body = []() -> coro<void> { co_return; };
    const auto closed = ThrowsMessage<std::runtime_error>(HasSubstr("closed"));
    EXPECT_THAT([&] { loop->call_soon(nothing); }, closed);
    EXPECT_THAT([&] { loop->call_later(1s, nothing); }, closed);
    EXPECT_THAT([&] { loop->call_at(time_point{}, nothing); }, closed);
    EXPECT_THAT([&] { loop->call_soon_threadsafe(nothing); }, closed);
    EXPECT_THAT([&] { std::ignore = loop->create_task(body()); }, closed);
    EXPECT_THAT([&] { loop->run_forever(); }, closed);
    EXPECT_THAT([&] { loop->run_until_complete(body()); }, closed);
}

BEHAVIOUR(B018_close_drops_pending_callbacks_and_timers_without_running_them) {
    const auto held = std::make_shared<int>(0);
    const auto loop = make_loop();
    const auto add = [&, held](int n) { *held += n; };
    loop->call_soon([add] { add(1); });
    loop->call_soon_threadsafe([add] { add(1); });
    loop->call_later(-1s, [add] { add(1); });
    timer_handle timer = loop->call_later(1h, [add] { add(1); });
    EXPECT_GT(held.use_count(), 4);
    loop->close();
    EXPECT_EQ(*held, 0);
    EXPECT_EQ(held.use_count(), 2) << "what the callbacks owned was not released";
    timer.cancel();
}

BEHAVIOUR(B039_a_call_from_the_wrong_thread_is_refused) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const auto nothing = [] {};
        const auto body = []() -> coro<void> { co_return; };
        const future<int> f = loop.create_future<int>();
        std::thread([&] {
            const auto refused = ThrowsMessage<std::runtime_error>(HasSubstr("another thread"));
            EXPECT_THAT([&] { loop.call_soon(nothing); }, refused);
            EXPECT_THAT([&] { loop.call_later(1s, nothing); }, refused);
            EXPECT_THAT([&] { loop.call_at(time_point{}, nothing); }, refused);
            EXPECT_THAT([&] { std::ignore = loop.create_task(body()); }, refused);
            EXPECT_THAT([&] { loop.add_reader(0, nothing); }, refused);
            EXPECT_THAT([&] { f.set_result(1); }, refused);
            EXPECT_THAT([&] { f.set_exception(std::domain_error("x")); }, refused);
        }).join();
        EXPECT_FALSE(f.done());
        co_return;
    });
}

namespace {

/// Something slow, with a name to look for in reports.
struct slow_callback {
    bool simulated;
    void operator()() const {
        if (simulated) {
            rondo::testing::running_sim_driver().advance(30ms);
        } else {
            std::this_thread::sleep_for(30ms);
        }
    }
};

coro<void> slow_coroutine(slow_callback work) {
    work();
    co_return;
}

}  // namespace

BEHAVIOUR(B039_debug_mode_reports_slow_callbacks_with_name_and_duration) {
    ::testing::internal::CaptureStderr();
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        loop.set_debug(true);
        loop.set_slow_callback_duration(20ms);
        loop.call_soon(slow_callback{simulated()});
        co_await yield_now();
        co_await create_task(slow_coroutine(slow_callback{simulated()}), {.name = "sluggish"});
        loop.call_soon([] {});
        co_await yield_now();
    });
    const std::string said = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(said, ::testing::ContainsRegex("slow_callback.* took 0\\.0[3-9]"));
    EXPECT_THAT(said, ::testing::ContainsRegex("sluggish.* took 0\\.0[3-9]"));
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 2) << said;
}

BEHAVIOUR(B039_without_debug_mode_slow_callbacks_are_not_timed) {
    ::testing::internal::CaptureStderr();
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        loop.set_debug(false);
        loop.set_slow_callback_duration(1ns);
        loop.call_soon(slow_callback{simulated()});
        co_await yield_now();
    });
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}
