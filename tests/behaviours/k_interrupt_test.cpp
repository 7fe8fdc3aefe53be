// SPDX-License-Identifier: MIT
#include "behaviour.hpp"

#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

void press_ctrl_c() { std::raise(SIGINT); }

struct sigaction handler_of_sigint() {
    struct sigaction now{};
    ::sigaction(SIGINT, nullptr, &now);
    return now;
}

}  // namespace

BEHAVIOUR(B231_the_first_sigint_cancels_main_and_run_throws_keyboard_interrupt_at_the_end) {
    const auto main = [&]() -> coro<void> {
        std::exception_ptr cancelled;
        try {
            press_ctrl_c();
            note("pressed");
            co_await sleep_forever();
        } catch (const cancelled_error&) {
            EXPECT_EQ(current_task().cancelling(), 1);
            note("cancelled");
            cancelled = std::current_exception();
        }
        co_await sleep(1ms);
        note("cleaned_up");
        std::rethrow_exception(cancelled);
    };
    EXPECT_THROW(run(main), keyboard_interrupt);
    EXPECT_EQ(trace(), "pressed cancelled cleaned_up");
}

BEHAVIOUR(B231_without_sigint_a_cancelled_main_throws_cancelled_error) {
    const auto main = []() -> coro<void> {
        current_task().cancel();
        co_await sleep_forever();
    };
    EXPECT_THROW(run(main), cancelled_error);
}

BEHAVIOUR(B231_an_error_of_main_after_sigint_is_the_error_of_run) {
    const auto main = []() -> coro<void> {
        try {
            press_ctrl_c();
            co_await sleep_forever();
        } catch (const cancelled_error&) {
        }
        throw std::domain_error("instead");
    };
    EXPECT_THROW(run(main), std::domain_error);
}

BEHAVIOUR(B232_a_sigint_that_main_swallows_lets_run_return_the_value) {
    const auto main = [&]() -> coro<int> {
        try {
            press_ctrl_c();
            co_await sleep_forever();
        } catch (const cancelled_error&) {
            note("swallowed");
        }
        co_await sleep(1ms);
        co_return 7;
    };
    EXPECT_EQ(run(main), 7);
    EXPECT_EQ(trace(), "swallowed");
}

BEHAVIOUR(B232_a_second_sigint_kills_the_process_at_once) {
    const auto main = []() -> coro<void> {
        try {
            press_ctrl_c();
            co_await sleep_forever();
        } catch (const cancelled_error&) {
        }
        std::fputs("still here", stderr);
        press_ctrl_c();
        std::fputs("not killed", stderr);
    };
    EXPECT_EXIT(run(main), ::testing::KilledBySignal(SIGINT), "still here$");
}

BEHAVIOUR(B233_sigint_wakes_a_loop_that_waits) {
    const auto begin = std::chrono::steady_clock::now();
    std::thread other;
    const auto main = [&]() -> coro<void> {
        core_of(get_running_loop()).thread_work_begins();  // a simulation waits for the thread
        other = std::thread([] {
            std::this_thread::sleep_for(20ms);  // real time, so that the loop has gone to sleep
            press_ctrl_c();
        });
        co_await sleep(1h);
        note("slept_on");
    };
    EXPECT_THROW(run(main), keyboard_interrupt);
    other.join();
    EXPECT_EQ(trace(), "");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

BEHAVIOUR(B233_sigint_reaches_a_loop_that_is_always_busy) {
    int rounds = 0;
    const auto main = [&]() -> coro<void> {
        press_ctrl_c();
        while (++rounds < 100'000) {
            co_await yield_now();
        }
    };
    EXPECT_THROW(run(main), keyboard_interrupt);
    EXPECT_LT(rounds, 200);
}

BEHAVIOUR(B234_the_signal_handler_is_restored) {
    const auto nothing = []() -> coro<void> {
        EXPECT_NE(handler_of_sigint().sa_handler, SIG_DFL);
        co_return;
    };
    const auto is_interrupted = []() -> coro<void> {
        press_ctrl_c();
        co_await sleep_forever();
    };
    ASSERT_EQ(handler_of_sigint().sa_handler, SIG_DFL);
    run(nothing);
    EXPECT_EQ(handler_of_sigint().sa_handler, SIG_DFL);
    EXPECT_EQ(handler_of_sigint().sa_flags & SA_RESTART, 0);
    EXPECT_THROW(run(is_interrupted), keyboard_interrupt);
    EXPECT_EQ(handler_of_sigint().sa_handler, SIG_DFL);
    EXPECT_EQ(handler_of_sigint().sa_flags & SA_RESTART, 0);
}

BEHAVIOUR(B234_a_handler_of_the_program_is_left_alone) {
    const auto press = [&]() -> coro<int> {
        press_ctrl_c();
        co_await yield_now();
        co_return 1;
    };
    static int pressed = 0;
    pressed = 0;
    const auto own = [](int) { ++pressed; };
    struct sigaction mine{};
    mine.sa_handler = own;
    struct sigaction before{};
    ASSERT_EQ(::sigaction(SIGINT, &mine, &before), 0);
    EXPECT_EQ(run(press), 1) << "a handler that was there before";
    EXPECT_EQ(pressed, 1);
    EXPECT_EQ(handler_of_sigint().sa_handler, mine.sa_handler);
    ::sigaction(SIGINT, &before, nullptr);

    const auto installs = [&]() -> coro<int> {
        ::sigaction(SIGINT, &mine, nullptr);
        co_return co_await press();
    };
    EXPECT_EQ(run(installs), 1) << "a handler that main installed";
    EXPECT_EQ(pressed, 2);
    EXPECT_EQ(handler_of_sigint().sa_handler, mine.sa_handler);
    ::sigaction(SIGINT, &before, nullptr);
}

BEHAVIOUR(B234_outside_the_main_thread_the_handler_is_not_touched) {
    const auto looks = []() -> coro<void> {
        EXPECT_EQ(handler_of_sigint().sa_handler, SIG_DFL);
        co_return;
    };
    std::thread([&] { run(looks); }).join();
}
