// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include <rondo/core/async_generator.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

namespace {

/// Notes that it is destroyed.
class at_end {
public:
    at_end(std::vector<std::string>& notes, std::string what)
        : notes_(&notes), what_(std::move(what)) {}
    at_end(const at_end&) = delete;
    at_end& operator=(const at_end&) = delete;
    ~at_end() { notes_->push_back(what_); }

private:
    std::vector<std::string>* notes_;
    std::string what_;
};

coro<int> returns(int value) { co_return value; }

}  // namespace

template <class A>
concept can_be_run = requires(A a) { rondo::run(std::move(a)); };
static_assert(can_be_run<coro<int>>);

BEHAVIOUR(B225_run_returns_or_rethrows_and_refuses_what_cannot_be_awaited) {
    EXPECT_FALSE(can_be_run<int>);
    EXPECT_FALSE((can_be_run<int (*)()>)) << "a function that returns no coroutine";
    const auto fails = []() -> coro<int> {
        co_await yield_now();
        throw std::domain_error("failed");
    };
    runner with(make_loop());
    EXPECT_EQ(with.run(returns(7)), 7);
    EXPECT_THROW(with.run(fails()), std::domain_error);
    const auto move_only = []() -> coro<std::unique_ptr<int>> {
        co_return std::make_unique<int>(8);
    };
    EXPECT_EQ(*with.run(move_only()), 8);
    EXPECT_EQ(rondo::run(returns(9)), 9);
    EXPECT_EQ(rondo::run(returns, 10), 10);
}

BEHAVIOUR(B225_run_refuses_inside_a_running_loop_and_starts_nothing) {
    run([&]() -> coro<void> {
        const auto inner = [&]() -> coro<void> {
            note("never");
            co_return;
        };
        const auto refused = ThrowsMessage<std::runtime_error>(HasSubstr("loop runs in this"));
        EXPECT_THAT([&] { rondo::run(inner()); }, refused);
        runner nested;
        EXPECT_THAT([&] { nested.run(inner()); }, refused);
        get_running_loop().call_soon([&] {
            EXPECT_THAT([&] { rondo::run(inner()); }, refused);
            note("refused");
        });
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "refused");
}

BEHAVIOUR(B226_run_cancels_what_is_left_and_waits_for_it) {
    const auto late = [&]() -> coro<void> {
        const auto cleans_up = [&](std::string name) -> coro<void> {
            try {
                co_await sleep_forever();
            } catch (const cancelled_error&) {
                note(name + "_cancelled");
            }
            co_await sleep(1ms);
            note(name + "_cleaned_up");
        };
        std::ignore = create_task(cleans_up, "a");
        std::ignore = create_task(cleans_up, "b");
        co_await yield_now();
        note("main_ends");
    };
    run(late);
    EXPECT_EQ(trace(), "main_ends a_cancelled b_cancelled a_cleaned_up b_cleaned_up");
}

BEHAVIOUR(B226_tasks_that_leftovers_start_while_they_end_are_cancelled_too) {
    const auto child = [&]() -> coro<void> {
        try {
            co_await sleep_forever();
        } catch (const cancelled_error&) {
            note("child_cancelled");
            throw;
        }
    };
    const auto starts_another = [&]() -> coro<void> {
        try {
            co_await sleep_forever();
        } catch (const cancelled_error&) {
            note("parent_cancelled");
        }
        std::ignore = create_task(child());
        co_await yield_now();
    };
    run([&]() -> coro<void> {
        std::ignore = create_task(starts_another());
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "parent_cancelled child_cancelled");
}

BEHAVIOUR(B227_errors_of_leftovers_during_the_shutdown_are_reported) {
    run([&]() -> coro<void> {
        get_running_loop().set_exception_handler(
            [&](event_loop&, const exception_context& context) {
                EXPECT_EQ(context.message, "unhandled exception during the shutdown of run()");
                EXPECT_EQ(context.where, "clumsy");
                EXPECT_THROW(std::rethrow_exception(context.exception), std::domain_error);
                note("reported");
            });
        const auto fails = []() -> coro<void> {
            try {
                co_await sleep_forever();
            } catch (const cancelled_error&) {
            }
            throw std::domain_error("in the clean-up");
        };
        const auto ends_well = []() -> coro<void> { co_await sleep_forever(); };
        std::ignore = create_task(fails(), {.name = "clumsy"});
        std::ignore = create_task(ends_well());
        co_await yield_now();
        note("main_ends");
    });
    EXPECT_EQ(trace(), "main_ends reported");
}

BEHAVIOUR(B228_async_generators_are_closed_after_the_leftovers) {
    std::vector<std::string> ends;
    const auto counts = [&]() -> async_generator<int> {
        const at_end note_it(ends, "generator");
        for (int n = 0;; ++n) {
            co_yield n;
        }
    };
    async_generator<int> numbers = counts();
    const auto leftover = [&]() -> coro<void> {
        const at_end note_it(ends, "leftover");
        co_await sleep_forever();
    };
    run([&]() -> coro<void> {
        std::ignore = create_task(leftover());
        EXPECT_EQ(co_await numbers.next(), 0);
        EXPECT_EQ(co_await numbers.next(), 1);
        ends.push_back("main");
    });
    EXPECT_THAT(ends, ::testing::ElementsAre("main", "leftover", "generator"));
}

BEHAVIOUR(B229_the_debug_flag_and_a_given_loop_are_honoured) {
    runner debugging({.debug = true});
    EXPECT_TRUE(debugging.get_loop().get_debug());
    runner not_debugging({.debug = false});
    EXPECT_FALSE(not_debugging.get_loop().get_debug());
    const auto debug_inside = []() -> coro<bool> { co_return get_running_loop().get_debug(); };
    EXPECT_TRUE(rondo::run(debug_inside(), {.debug = true}));
    EXPECT_FALSE(rondo::run(debug_inside(), {.debug = false}));

    auto own = make_loop();
    event_loop* const address = own.get();
    runner with(std::move(own));
    const auto running_loop = []() -> coro<event_loop*> { co_return &get_running_loop(); };
    EXPECT_EQ(&with.get_loop(), address);
    EXPECT_EQ(with.run(running_loop()), address);
}

BEHAVIOUR(B229_a_driver_factory_is_honoured) {
    static int made = 0;
    made = 0;
    const driver_factory before = set_driver_factory([](driver_kind) -> box<driver> {
        ++made;
        return make_box<rondo::testing::sim_driver>();
    });
    const auto name = []() -> coro<std::string> {
        co_await sleep(1h);
        co_return std::string(get_running_loop().driver_name());
    };
    EXPECT_EQ(rondo::run(name()), "sim");
    set_driver_factory(before);
    EXPECT_EQ(made, 1);
    EXPECT_NE(rondo::run([]() -> coro<std::string> {
                  co_return std::string(get_running_loop().driver_name());
              }),
              "sim");
}

BEHAVIOUR(B230_several_runs_of_one_runner_share_context_and_loop) {
    static context_var<int> number{"number", 0};
    runner with(make_loop());
    const auto in_background = [&]() -> coro<void> {
        co_await yield_now();
        co_await yield_now();
        note("background");
    };
    const auto first = [&]() -> coro<event_loop*> {
        number.set(5);
        std::ignore = create_task(in_background());
        co_return &get_running_loop();
    };
    const auto second = [&]() -> coro<event_loop*> {
        EXPECT_EQ(number.get(), 5);
        co_await yield_now();
        co_await yield_now();
        co_return &get_running_loop();
    };
    event_loop* const loop = with.run(first());
    EXPECT_EQ(trace(), "") << "what is left waits for the next run";
    EXPECT_EQ(with.run(second()), loop);
    EXPECT_EQ(&with.get_loop(), loop);
    EXPECT_EQ(trace(), "background");
    EXPECT_EQ(number.get(), 0) << "the context is the runner's own";
}

BEHAVIOUR(B230_a_runner_cannot_be_used_after_close) {
    runner with(make_loop());
    EXPECT_EQ(with.run(returns(1)), 1);
    with.close();
    with.close();
    const auto closed = ThrowsMessage<std::runtime_error>(HasSubstr("closed"));
    EXPECT_THAT([&] { with.run(returns(2)); }, closed);
    EXPECT_THAT([&] { with.get_loop(); }, closed);

    runner unused;
    unused.close();
    EXPECT_THAT([&] { unused.get_loop(); }, closed);
}

BEHAVIOUR(what_is_ready_when_main_ends_has_its_turn) {
    const auto works = []() -> coro<void> { co_await sleep(1h); };
    const auto quick = [&]() -> coro<void> {
        co_await yield_now();
        note("quick");
        get_running_loop().call_soon([&] { note("callback"); });
    };
    run([&]() -> coro<void> {
        const task<> t = create_task(works());
        const task<> q = create_task(quick());
        t.add_done_callback([&](const task<>&) { note("t-done"); });
        q.add_done_callback([&](const task<>&) { note("q-done"); });
        co_await yield_now();
        t.cancel();
        note("main");
    });
    EXPECT_EQ(trace(), "main quick callback q-done t-done");
    EXPECT_EQ(trace(), twin("ready_when_main_ends"));
}

BEHAVIOUR(callbacks_that_callbacks_schedule_during_the_shutdown_run_too) {
    const auto works = []() -> coro<void> { co_await sleep(1h); };
    run([&]() -> coro<void> {
        const task<> left = create_task(works());
        left.add_done_callback([&](const task<>&) {
            note("done");
            get_running_loop().call_soon([&] {
                note("soon");
                get_running_loop().call_soon([&] { note("later"); });
            });
        });
        get_running_loop().call_soon_threadsafe([&] { note("threadsafe"); });
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "threadsafe done soon later");
}

BEHAVIOUR(a_callback_that_schedules_itself_for_ever_does_not_keep_run_from_ending) {
    int calls = 0;
    unique_function<void()> again = [&] {
        ++calls;
        get_running_loop().call_soon([&] { again(); });
    };
    run([&]() -> coro<void> {
        again();
        co_return;
    });
    EXPECT_GT(calls, 1);
}

BEHAVIOUR(a_loop_that_something_else_stops_forgets_whose_end_it_awaited) {
    const auto loop = make_loop();
    const auto main = [&]() -> coro<void> {
        loop->stop();
        co_await yield_now();
        co_await yield_now();
        note("end");
    };
    const task<> t = loop->create_task(main());
    EXPECT_THROW(loop->run_until_complete(t), std::runtime_error);
    loop->run_until_complete(t);
    const auto next = [&]() -> coro<void> {
        co_await yield_now();
        note("next");
    };
    loop->run_until_complete(next());
    EXPECT_EQ(trace(), "end next");
}
