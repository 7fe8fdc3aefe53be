// SPDX-License-Identifier: MIT
#include "behaviour.hpp"

#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>

#include <sys/types.h>
#include <unistd.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

struct sigaction disposition_of(int signal) {
    struct sigaction now{};
    ::sigaction(signal, nullptr, &now);
    return now;
}

bool is_default(int signal) { return disposition_of(signal).sa_handler == SIG_DFL; }

/// The text of the runtime_error that `call` ends with.
template <class Error = std::runtime_error, class Call>
std::string refusal(Call call) {
    try {
        call();
    } catch (const Error& e) {
        return e.what();
    }
    return "it was accepted";
}

}  // namespace

// ---- handlers

BEHAVIOUR(B261_a_handler_runs_in_the_loop_as_a_callback) {
    run([&]() -> coro<void> {
        add_signal_handler(
            SIGUSR1,
            [&](const char* what) {
                EXPECT_NO_THROW(get_running_loop());
                note(what);
                get_running_loop().call_soon([&] { note("callback"); });
            },
            "handler");
        std::raise(SIGUSR1);
        note("raised");
        co_await sleep(1ms);
        EXPECT_EQ(trace(), "raised handler callback");
        std::raise(SIGUSR1);
        co_await sleep(1ms);
        EXPECT_EQ(trace(), "raised handler callback handler callback");
    });
}

BEHAVIOUR(B261_a_signal_wakes_a_loop_that_waits) {
    std::thread other;
    const auto begin = std::chrono::steady_clock::now();
    run([&]() -> coro<void> {
        core_of(get_running_loop()).thread_work_begins();  // a simulation waits for the thread
        event arrived;
        add_signal_handler(SIGUSR1, [&] { arrived.set(); });
        other = std::thread([] {
            std::this_thread::sleep_for(20ms);  // real time, so that the loop has gone to sleep
            ::kill(::getpid(), SIGUSR1);
        });
        co_await arrived.wait();
        core_of(get_running_loop()).thread_work_ends();
    });
    other.join();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

BEHAVIOUR(B261_what_a_handler_throws_is_reported) {
    run([&]() -> coro<void> {
        get_running_loop().set_exception_handler(
            [&](event_loop&, const exception_context& about) { note(about.message); });
        add_signal_handler(SIGUSR1, [] { throw std::domain_error("from the handler"); });
        std::raise(SIGUSR1);
        co_await sleep(1ms);
        EXPECT_EQ(trace(), "exception in callback");
    });
}

BEHAVIOUR(B261_signals_that_arrive_together_count_once) {
    run([&]() -> coro<void> {
        add_signal_handler(SIGUSR1, [&] { note("one"); });
        add_signal_handler(SIGUSR2, [&] { note("two"); });
        std::raise(SIGUSR2);
        std::raise(SIGUSR1);
        std::raise(SIGUSR1);
        co_await sleep(1ms);
        EXPECT_EQ(trace(), "one two");
    });
}

BEHAVIOUR(B261_a_handler_is_replaced) {
    run([&]() -> coro<void> {
        add_signal_handler(SIGUSR1, [&] { note("old"); });
        std::raise(SIGUSR1);
        add_signal_handler(SIGUSR1, [&] { note("new"); });
        co_await sleep(1ms);
        EXPECT_EQ(trace(), "new");
    });
    EXPECT_TRUE(is_default(SIGUSR1));
}

BEHAVIOUR(B261_a_handler_is_removed_and_the_signal_does_what_it_did) {
    static int direct;
    direct = 0;
    struct sigaction own{};
    own.sa_handler = [](int) { ++direct; };
    own.sa_flags = SA_NODEFER;
    struct sigaction before{};
    ::sigaction(SIGUSR1, &own, &before);
    run([&]() -> coro<void> {
        EXPECT_FALSE(remove_signal_handler(SIGUSR1));
        add_signal_handler(SIGUSR1, [&] { note("handler"); });
        std::raise(SIGUSR1);
        EXPECT_EQ(direct, 0);
        EXPECT_TRUE(remove_signal_handler(SIGUSR1));
        EXPECT_FALSE(remove_signal_handler(SIGUSR1));
        std::raise(SIGUSR1);
        EXPECT_EQ(direct, 1);
        co_await sleep(1ms);
        EXPECT_EQ(trace(), "") << "it was queued, but removed before its turn";
    });
    EXPECT_EQ(disposition_of(SIGUSR1).sa_flags & SA_NODEFER, SA_NODEFER);
    ::sigaction(SIGUSR1, &before, nullptr);
}

BEHAVIOUR(B261_a_queued_handler_that_is_removed_does_not_run) {
    run([&]() -> coro<void> {
        add_signal_handler(SIGUSR1, [&] {
            note("first");
            remove_signal_handler(SIGUSR2);
        });
        add_signal_handler(SIGUSR2, [&] { note("second"); });
        std::raise(SIGUSR1);
        std::raise(SIGUSR2);
        co_await sleep(1ms);
        EXPECT_EQ(trace(), "first");
        // A handler may remove itself.
        add_signal_handler(SIGUSR2, [&] {
            remove_signal_handler(SIGUSR2);
            note("itself");
        });
        std::raise(SIGUSR2);
        co_await sleep(1ms);
        EXPECT_EQ(trace(), "first itself");
    });
}

BEHAVIOUR(B261_handlers_end_with_run_and_with_the_loop) {
    run([&]() -> coro<void> {
        add_signal_handler(SIGUSR1, [] {});
        EXPECT_FALSE(is_default(SIGUSR1));
        co_return;
    });
    EXPECT_TRUE(is_default(SIGUSR1));

    auto loop = make_loop();
    loop->call_soon([] { add_signal_handler(SIGUSR1, [] {}); });
    loop->stop();
    loop->run_forever();
    EXPECT_FALSE(is_default(SIGUSR1));
    std::raise(SIGUSR1);
    loop->close();
    EXPECT_TRUE(is_default(SIGUSR1));
}

BEHAVIOUR(B261_off_the_main_thread_a_handler_is_refused) {
    std::thread([&] {
        run([&]() -> coro<void> {
            EXPECT_THAT(refusal([] { add_signal_handler(SIGUSR1, [] {}); }),
                        ::testing::StartsWith("add_signal_handler: signals are for a loop in the "
                                              "main thread"));
            EXPECT_THAT(refusal([] { static_cast<void>(rondo::signals({SIGUSR1})); }),
                        ::testing::StartsWith("signals: signals are for a loop in the main "));
            EXPECT_THROW(remove_signal_handler(SIGUSR1), std::runtime_error);
            co_return;
        });
    }).join();
    EXPECT_THAT(refusal([] { add_signal_handler(SIGUSR1, [] {}); }),
                ::testing::StartsWith("no running event loop: add_signal_handler"));
}

BEHAVIOUR(B261_of_two_open_loops_one_handles_signals) {
    auto paused = make_loop();
    paused->call_soon([] { add_signal_handler(SIGUSR1, [] {}); });
    paused->stop();
    paused->run_forever();
    run([&]() -> coro<void> {
        EXPECT_THAT(refusal([] { add_signal_handler(SIGUSR2, [] {}); }),
                    ::testing::HasSubstr("another event loop of this thread handles signals"));
        EXPECT_TRUE(is_default(SIGUSR2));
        co_return;
    });
    paused->close();
    run([&]() -> coro<void> {
        add_signal_handler(SIGUSR2, [] {});
        co_return;
    });
}

BEHAVIOUR(B261_signals_that_cannot_be_handled_are_refused) {
    run([&]() -> coro<void> {
        const auto add = [](int signal) {
            return refusal([signal] { add_signal_handler(signal, [] {}); });
        };
        EXPECT_EQ(add(SIGKILL), "add_signal_handler: SIGKILL cannot be caught");
        EXPECT_EQ(add(SIGSTOP), "add_signal_handler: SIGSTOP cannot be caught");
        EXPECT_EQ(add(32), "add_signal_handler: signal 32 cannot be caught");
        EXPECT_EQ(add(SIGSEGV),
                  "add_signal_handler: SIGSEGV means that the program cannot go on, so no loop "
                  "could handle it");
        for (const int none : {0, -1, 65, 1'000'000}) {
            EXPECT_EQ(refusal<std::invalid_argument>([&] { add_signal_handler(none, [] {}); }),
                      "add_signal_handler: there is no signal " + std::to_string(none));
            EXPECT_THROW(remove_signal_handler(none), std::invalid_argument);
            EXPECT_THROW(signal_set{none}, std::invalid_argument);
        }
        // Of a set with a bad one, none is caught.
        EXPECT_EQ(refusal([] { static_cast<void>(rondo::signals({SIGHUP, SIGKILL})); }),
                  "signals: SIGKILL cannot be caught");
        EXPECT_TRUE(is_default(SIGHUP));
        co_return;
    });
}

// ---- together with Ctrl-C

BEHAVIOUR(B261_a_handler_of_sigint_comes_before_the_ctrl_c_of_run) {
    const auto main = [&]() -> coro<void> {
        add_signal_handler(SIGINT, [&] { note("handled"); });
        std::raise(SIGINT);
        co_await sleep(1ms);
        EXPECT_EQ(trace(), "handled");
        remove_signal_handler(SIGINT);
        std::raise(SIGINT);
        co_await sleep_forever();
    };
    EXPECT_THROW(run(main), keyboard_interrupt);
    EXPECT_TRUE(is_default(SIGINT));
}

BEHAVIOUR(B261_a_handler_of_sigint_may_stay_until_the_end_of_run) {
    run([&]() -> coro<void> {
        add_signal_handler(SIGINT, [] {});
        co_return;
    });
    EXPECT_TRUE(is_default(SIGINT));

    const auto is_interrupted_first = [&]() -> coro<void> {
        std::raise(SIGINT);  // as Ctrl-C of run, which does no more from now on
        add_signal_handler(SIGINT, [&] { note("handled"); });
        std::raise(SIGINT);
        co_await sleep_forever();
    };
    EXPECT_THROW(run(is_interrupted_first), keyboard_interrupt);
    EXPECT_TRUE(is_default(SIGINT));
}

// ---- signals()

BEHAVIOUR(B261_signals_gives_one_after_the_other) {
    run([&]() -> coro<void> {
        auto s = rondo::signals({SIGUSR1, SIGUSR2});
        std::raise(SIGUSR2);  // before the first next()
        EXPECT_EQ(co_await s.next(), SIGUSR2);
        std::raise(SIGUSR2);
        std::raise(SIGUSR1);
        std::raise(SIGUSR2);
        EXPECT_EQ(co_await s.next(), SIGUSR1);
        EXPECT_EQ(co_await s.next(), SIGUSR2);
        EXPECT_THROW(co_await wait_for(s.next(), 1s), timeout_error);
    });
    EXPECT_TRUE(is_default(SIGUSR1));
    EXPECT_TRUE(is_default(SIGUSR2));
}

BEHAVIOUR(B261_signals_loses_none_to_a_cancellation) {
    run([&]() -> coro<void> {
        auto s = rondo::signals({SIGUSR1});
        for (int yields = 0; yields < 5; ++yields) {
            auto waiting = create_task(s.next());
            co_await yield_now();
            std::raise(SIGUSR1);
            for (int i = 0; i < yields; ++i) {
                co_await yield_now();
            }
            waiting.cancel();
            const auto end = co_await as_outcome(waiting);
            if (end.has_value()) {
                EXPECT_EQ(end.value(), SIGUSR1);
            } else {
                EXPECT_EQ(co_await s.next(), SIGUSR1);
            }
        }
        EXPECT_THROW(co_await wait_for(s.next(), 1ms), timeout_error);
        std::raise(SIGUSR1);
        EXPECT_EQ(co_await s.next(), SIGUSR1);
    });
}

BEHAVIOUR(B261_signals_ends_with_its_object) {
    run([&]() -> coro<void> {
        auto never_asked = std::make_unique<signal_source>(signal_set{SIGUSR1});
        auto asked = rondo::signals({SIGUSR1, SIGUSR2});
        add_signal_handler(SIGUSR1, [&] { note("handler"); });
        std::raise(SIGUSR1);
        EXPECT_EQ(co_await asked.next(), SIGUSR1);
        never_asked.reset();
        auto waiting = create_task(asked.next());
        co_await yield_now();
        co_await asked.aclose();
        EXPECT_EQ(co_await waiting, std::nullopt);
        EXPECT_EQ(co_await asked.next(), std::nullopt);
        EXPECT_TRUE(is_default(SIGUSR2));
        EXPECT_FALSE(is_default(SIGUSR1)) << "the handler still wants it";
        co_await sleep(1ms);
        EXPECT_EQ(trace(), "handler") << "each gets it";
    });
    EXPECT_TRUE(is_default(SIGUSR1));
}

BEHAVIOUR(B261_signals_is_a_source_like_an_async_generator) {
    run([&]() -> coro<void> {
        auto two = rondo::signals({SIGUSR1, SIGUSR2}) | take(2);
        std::raise(SIGUSR1);
        std::raise(SIGUSR2);
        EXPECT_THAT(co_await collect(std::move(two)), ::testing::ElementsAre(SIGUSR1, SIGUSR2));
        EXPECT_TRUE(is_default(SIGUSR1));
    });
}

BEHAVIOUR(B261_signals_may_outlive_its_loop) {
    std::unique_ptr<signal_source> s;
    auto loop = make_loop();
    loop->call_soon([&] { s = std::make_unique<signal_source>(signal_set{SIGUSR1}); });
    loop->stop();
    loop->run_forever();
    EXPECT_FALSE(is_default(SIGUSR1));
    loop->close();
    EXPECT_TRUE(is_default(SIGUSR1));
    EXPECT_EQ(run(s->next()), std::nullopt);
}
