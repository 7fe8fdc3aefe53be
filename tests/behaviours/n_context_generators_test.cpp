// SPDX-License-Identifier: MIT
#include "behaviour.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

namespace {

context_var<std::string> who{"who", "nobody"};

}  // namespace

// ---- context variables

BEHAVIOUR(B262_a_task_sees_the_values_of_where_it_was_created_and_keeps_its_own) {
    run([&]() -> coro<void> {
        who.set("creator");
        const auto body = [&]() -> coro<void> {
            note("child:" + who.get());
            who.set("child");
            co_await yield_now();
            note("child:" + who.get());
        };
        const task<void> child = create_task(body());
        who.set("changed");
        co_await yield_now();
        note("creator:" + who.get());
        co_await child;
        note("creator:" + who.get());
    });
    EXPECT_EQ(trace(), "child:creator creator:changed child:child creator:changed");
    EXPECT_EQ(trace(), twin("context_is_copied_at_spawn"));
}

BEHAVIOUR(B262_a_coroutine_that_is_awaited_shares_the_values_of_its_task) {
    run([&]() -> coro<void> {
        const auto sets = []() -> coro<void> {
            co_await yield_now();
            who.set("awaited");
        };
        who.set("before");
        co_await sets();
        note(who.get());
    });
    EXPECT_EQ(trace(), "awaited");
}

BEHAVIOUR(B262_a_task_may_be_given_a_context) {
    run([&]() -> coro<void> {
        who.set("creator");
        context given = copy_context();
        given.run([] { who.set("given"); });
        const auto body = [&]() -> coro<void> {
            note(who.get());
            who.set("set by the task");
            co_return;
        };
        co_await create_task(body(), {.context = &given});
        note(who.get());
        given.run([&] { note(who.get()); });
    });
    EXPECT_EQ(trace(), "given creator set by the task");
}

BEHAVIOUR(B263_callbacks_and_timers_run_in_the_context_of_where_they_were_scheduled) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        who.set("soon");
        loop.call_soon([&] {
            note(who.get());
            who.set("set by the callback");
        });
        who.set("later");
        loop.call_later(1ms, [&] { note(who.get()); });
        who.set("done");
        const future<void> f;
        f.add_done_callback([&] { note(who.get()); });
        who.set("main");
        f.set_result();
        co_await sleep(2ms);
        note(who.get());
    });
    EXPECT_EQ(trace(), "soon done later main");
    EXPECT_EQ(trace(), twin("context_of_callbacks"));
}

BEHAVIOUR(B263_a_thread_starts_empty_and_what_it_sends_to_the_loop_runs_in_its_context) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        who.set("main");
        std::string in_thread;
        std::thread other([&] {
            in_thread = who.get();
            who.set("thread");
            loop.call_soon_threadsafe([&] { note(who.get()); });
        });
        other.join();
        note(in_thread);
        co_await yield_now();
        co_await yield_now();
        note(who.get());
    });
    EXPECT_EQ(trace(), "nobody thread main");
}

// ---- generators

namespace {

/// A generator whose clean-up awaits, and says so.
template <class Note>
async_generator<int> counts(Note note, std::string name) {
    std::exception_ptr stopped;
    try {
        for (int n = 0;; ++n) {
            co_yield n;
        }
    } catch (...) {
        stopped = std::current_exception();
    }
    co_await sleep(1ms);
    note(name + "_cleaned_up");
    std::rethrow_exception(stopped);
}

}  // namespace

BEHAVIOUR(B228_the_clean_up_of_an_async_generator_may_await_at_the_end_of_the_run) {
    const auto say = [&](const std::string& what) { note(what); };
    auto kept = counts(say, "kept");
    run([&]() -> coro<void> {
        static_cast<void>(co_await kept.next());
        note("main_ends");
    });
    EXPECT_EQ(trace(), "main_ends kept_cleaned_up");
}

BEHAVIOUR(B264_after_a_break_aclose_runs_what_python_has_in_finally) {
    run([&]() -> coro<void> {
        const auto say = [&](const std::string& what) { note(what); };
        auto g = counts(say, "numbers");
        while (auto n = co_await g.next()) {
            note(std::to_string(*n));
            if (*n == 2) {
                break;
            }
        }
        note("break");
        co_await g.aclose();
        note("closed");
        const auto end = co_await g.next();
        note(end ? "more" : "end");
    });
    EXPECT_EQ(trace(), "0 1 2 break numbers_cleaned_up closed end");
    EXPECT_EQ(trace(), twin("async_generator_break_and_close"));
}

BEHAVIOUR(B264_the_shutdown_closes_the_rest) {
    const auto say = [&](const std::string& what) { note(what); };
    std::optional<async_generator<int>> first, second, never_started, closed;
    run([&]() -> coro<void> {
        first.emplace(counts(say, "first"));
        second.emplace(counts(say, "second"));
        never_started.emplace(counts(say, "never_started"));
        closed.emplace(counts(say, "closed"));
        static_cast<void>(co_await first->next());
        static_cast<void>(co_await second->next());
        static_cast<void>(co_await closed->next());
        co_await closed->aclose();
        note("main_ends");
    });
    EXPECT_EQ(trace(), "closed_cleaned_up main_ends first_cleaned_up second_cleaned_up");
    EXPECT_TRUE(first->done());
}

BEHAVIOUR(B264_shutdown_asyncgens_may_be_called_by_hand) {
    run([&]() -> coro<void> {
        const auto say = [&](const std::string& what) { note(what); };
        auto g = counts(say, "numbers");
        static_cast<void>(co_await g.next());
        co_await get_running_loop().shutdown_asyncgens();
        note(g.done() ? "done" : "alive");
    });
    EXPECT_EQ(trace(), "numbers_cleaned_up done");
}

BEHAVIOUR(B265_send_and_throw_reach_the_yield_of_a_generator) {
    const auto conversation = [&]() -> generator<std::string, std::string, std::string> {
        const std::string name = co_yield "name?";
        note("got:" + name);
        try {
            co_yield "hello";
        } catch (const std::domain_error& e) {
            note(std::string("caught:") + e.what());
        }
        co_yield "last";
        co_return "result";
    };
    auto g = conversation();
    EXPECT_THAT([&] { g.send("too early"); },
                ThrowsMessage<std::runtime_error>(HasSubstr("just-started generator")));
    note(*g.next());
    note(*g.send("Ada"));
    note(*g.throw_(std::domain_error("oops")));
    note(g.next() ? "more" : g.result());
    EXPECT_EQ(trace(), "name? got:Ada hello caught:oops last result");
    EXPECT_EQ(trace(), twin("generator_send_and_throw"));
}

BEHAVIOUR(B265_asend_and_athrow_reach_the_yield_of_an_async_generator) {
    run([&]() -> coro<void> {
        const auto conversation = [&]() -> async_generator<std::string, std::string> {
            const std::string name = co_yield "name?";
            co_await yield_now();
            note("got:" + name);
            try {
                co_yield "hello";
            } catch (const std::domain_error& e) {
                note(std::string("caught:") + e.what());
            }
            co_await yield_now();
            co_yield "last";
        };
        auto g = conversation();
        auto answer = co_await g.next();
        note(*answer);
        answer = co_await g.asend("Ada");
        note(*answer);
        answer = co_await g.athrow(std::domain_error("oops"));
        note(*answer);
        answer = co_await g.next();
        note(answer ? "more" : "end");
    });
    EXPECT_EQ(trace(), "name? got:Ada hello caught:oops last end");
    EXPECT_EQ(trace(), twin("async_generator_send_and_throw"));
}

BEHAVIOUR(B265_an_error_in_the_clean_up_comes_out_of_aclose) {
    run([&]() -> coro<void> {
        const auto fails = []() -> async_generator<int> {
            try {
                co_yield 1;
            } catch (const generator_exit&) {
                throw std::domain_error("clean-up failed");
            }
        };
        auto g = fails();
        static_cast<void>(co_await g.next());
        try {
            co_await g.aclose();
        } catch (const std::domain_error& e) {
            note(e.what());
        }
    });
    EXPECT_EQ(trace(), "clean-up failed");
}

BEHAVIOUR(B265_an_error_in_the_clean_up_at_shutdown_is_reported) {
    std::optional<async_generator<int>> failing, other;
    const auto say = [&](const std::string& what) { note(what); };
    run([&]() -> coro<void> {
        get_running_loop().set_exception_handler([&](event_loop&, const exception_context& what) {
            note(what.message);
            note(describe_exception(what.exception));
        });
        const auto fails = []() -> async_generator<int> {
            try {
                co_yield 1;
            } catch (const generator_exit&) {
                throw std::domain_error("clean-up failed");
            }
        };
        failing.emplace(fails());
        other.emplace(counts(say, "other"));
        static_cast<void>(co_await failing->next());
        static_cast<void>(co_await other->next());
    });
    EXPECT_EQ(trace(),
              "an error occurred while closing an async generator "
              "std::domain_error: clean-up failed other_cleaned_up");
}
