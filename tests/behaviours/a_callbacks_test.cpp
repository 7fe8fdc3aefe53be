// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "descriptors.hpp"

#include <stdexcept>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::pipe_pair;

BEHAVIOUR(B001_call_soon_callbacks_run_fifo) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        for (const char* name : {"a", "b", "c"}) {
            loop.call_soon([this, name] { note(name); });
        }
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "a b c");
    EXPECT_EQ(trace(), twin("call_soon_fifo"));
}

BEHAVIOUR(B002_a_callback_scheduled_by_a_callback_runs_in_the_next_pass) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const pipe_pair pipe;
        loop.add_reader(pipe.read_end, [&] {
            note("reader");
            loop.remove_reader(pipe.read_end);
        });
        loop.call_soon([&] {
            note("a");
            loop.call_soon([&] { note("a2"); });
            pipe.send("x");
        });
        loop.call_soon([&] { note("b"); });
        co_await sleep(1ms);
    });
    EXPECT_EQ(trace(), "a b a2 reader");
    EXPECT_EQ(trace(), twin("callback_from_callback"));
}

BEHAVIOUR(B002_callbacks_that_reschedule_themselves_do_not_keep_io_waiting) {
    int rounds = 0;
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const pipe_pair pipe;
        bool told = false;
        loop.add_reader(pipe.read_end, [&] {
            told = true;
            loop.remove_reader(pipe.read_end);
        });
        pipe.send("x");
        unique_function<void()> again = [&] {
            if (!told && ++rounds < 10'000) {
                loop.call_soon([&] { again(); });
            }
        };
        again();
        while (!told && rounds < 10'000) {
            co_await yield_now();
        }
    });
    EXPECT_LT(rounds, 200);
}

BEHAVIOUR(B003_a_cancelled_handle_never_runs_and_cancel_may_be_repeated) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        handle cancelled = loop.call_soon([&] { note("never"); });
        handle runs = loop.call_soon([&] { note("runs"); });
        cancelled.cancel();
        cancelled.cancel();
        EXPECT_TRUE(cancelled.cancelled());
        EXPECT_FALSE(runs.cancelled());
        co_await yield_now();
        runs.cancel();
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "runs");
}

BEHAVIOUR(B004_each_handle_runs_exactly_once) {
    std::vector<int> times(300, 0);
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        for (std::size_t i = 0; i < times.size(); i += 3) {
            loop.call_soon([&, i] { ++times[i]; });
            loop.call_later(1ms * (i % 7), [&, i] { ++times[i + 1]; });
            loop.call_soon_threadsafe([&, i] { ++times[i + 2]; });
        }
        co_await sleep(20ms);
    });
    EXPECT_THAT(times, ::testing::Each(1));
}

BEHAVIOUR(B005_callbacks_queued_while_the_loop_is_not_running_are_run_by_the_next_run) {
    const auto loop = make_loop();
    loop->call_soon([&] { note("before"); });
    const auto nothing = []() -> coro<void> { co_return; };
    loop->run_until_complete(nothing());
    loop->call_soon([&] { note("between"); });
    EXPECT_EQ(trace(), "before");
    loop->run_until_complete(nothing());
    EXPECT_EQ(trace(), "before between");
}

BEHAVIOUR(B006_a_raising_callback_is_reported_and_the_loop_continues) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        loop.set_exception_handler([&](event_loop&, const exception_context& context) {
            note("reported");
            EXPECT_EQ(context.message, "exception in callback");
            EXPECT_THROW(std::rethrow_exception(context.exception), std::domain_error);
        });
        loop.call_soon([&] { note("a"); });
        loop.call_soon([] { throw std::domain_error("in a callback"); });
        loop.call_soon([&] { note("b"); });
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "a reported b");
    EXPECT_EQ(trace(), twin("raising_callback"));
}

BEHAVIOUR(B007_an_error_that_ends_the_process_leaves_run_forever_at_once) {
    const auto loop = make_loop();
    loop->call_soon([&] { note("a"); });
    loop->call_soon([] { throw system_exit(3); });
    loop->call_soon([&] { note("next_run"); });
    try {
        loop->run_forever();
        ADD_FAILURE() << "run_forever returned";
    } catch (const system_exit& exit) {
        EXPECT_EQ(exit.code(), 3);
    }
    EXPECT_EQ(trace(), "a");
    EXPECT_FALSE(loop->is_running());
    loop->stop();
    loop->run_forever();
    EXPECT_EQ(trace(), "a next_run");
}

template <class Loop>
concept takes_a_number_as_handler = requires(Loop& loop) { loop.set_exception_handler(42); };
static_assert(!takes_a_number_as_handler<event_loop>);

BEHAVIOUR(B008_a_custom_exception_handler_gets_the_context_and_null_restores_the_default) {
    const auto loop = make_loop();
    loop->set_exception_handler([&](event_loop& in, const exception_context& context) {
        EXPECT_EQ(&in, loop.get());
        EXPECT_EQ(context.exception, nullptr);
        note(context.message + "/" + context.where);
    });
    loop->call_exception_handler({"first", nullptr, "here"});
    EXPECT_EQ(trace(), "first/here");

    loop->set_exception_handler(nullptr);
    ::testing::internal::CaptureStderr();
    loop->call_exception_handler({"second", nullptr, "there"});
    EXPECT_THAT(::testing::internal::GetCapturedStderr(),
                ::testing::AllOf(::testing::HasSubstr("second"), ::testing::HasSubstr("there")));
    EXPECT_EQ(trace(), "first/here");
}

BEHAVIOUR(B009_an_exception_handler_that_throws_is_reported_through_the_default_one) {
    const auto loop = make_loop();
    loop->set_exception_handler(
        [](event_loop&, const exception_context&) { throw std::logic_error("the handler's own"); });
    ::testing::internal::CaptureStderr();
    loop->call_exception_handler(
        {"the first", std::make_exception_ptr(std::domain_error("reason")), {}});
    const std::string said = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(said, ::testing::HasSubstr("the first"));
    EXPECT_THAT(said, ::testing::HasSubstr("reason"));
    EXPECT_THAT(said, ::testing::HasSubstr("unhandled error in exception handler"));
    EXPECT_THAT(said, ::testing::HasSubstr("the handler's own"));
}

BEHAVIOUR(B038_a_callback_runs_in_the_context_of_its_registration) {
    static context_var<int> number{"number", 0};
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const pipe_pair pipe;
        number.set(1);
        loop.add_reader(pipe.read_end, [&] {
            note("reader" + std::to_string(number.get()));
            loop.remove_reader(pipe.read_end);
        });
        loop.call_soon([&] { note("soon" + std::to_string(number.get())); });
        number.set(2);
        pipe.send("x");
        co_await sleep(1ms);
    });
    EXPECT_EQ(trace(), "soon1 reader1");
}
