// SPDX-License-Identifier: MIT
#include "behaviour.hpp"

#include <memory>
#include <set>
#include <stdexcept>
#include <string>

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

BEHAVIOUR(B058_a_created_task_does_not_run_before_the_creator_yields) {
    run([&]() -> coro<void> {
        const auto child = [&]() -> coro<void> {
            note("child");
            co_return;
        };
        const task<void> t = create_task(child());
        note("created");
        EXPECT_FALSE(t.done());
        co_await yield_now();
        note("after_yield");
    });
    EXPECT_EQ(trace(), "created child after_yield");
    EXPECT_EQ(trace(), twin("created_task_waits"));
}

BEHAVIOUR(B059_tasks_start_in_the_order_of_their_creation) {
    run([&]() -> coro<void> {
        const auto child = [&](std::string name) -> coro<void> {
            note(name);
            co_return;
        };
        const task<void> a = create_task(child, "a");
        get_running_loop().call_soon([&] { note("callback"); });
        const task<void> b = create_task(child, "b");
        const task<void> c = create_task(child, "c");
        co_await a;
        note("main");
        co_await c;
    });
    EXPECT_EQ(trace(), "a callback b c main");
    EXPECT_EQ(trace(), twin("tasks_start_in_order"));
}

BEHAVIOUR(B060_a_return_value_is_the_result_and_an_exception_the_exception) {
    run([&]() -> coro<void> {
        const auto answers = []() -> coro<std::string> { co_return "answer"; };
        const auto fails = []() -> coro<int> {
            co_await yield_now();
            throw std::domain_error("failed");
        };
        const task<std::string> value = create_task(answers());
        const task<int> error = create_task(fails());
        EXPECT_THROW(value.result(), invalid_state_error);
        EXPECT_THROW(error.exception(), invalid_state_error);
        EXPECT_EQ(co_await value, "answer");
        EXPECT_EQ(value.result(), "answer");
        EXPECT_EQ(value.exception(), nullptr);
        EXPECT_THROW(co_await error, std::domain_error);
        EXPECT_THROW(error.result(), std::domain_error);
        EXPECT_NE(error.exception(), nullptr);
        EXPECT_FALSE(error.cancelled());
    });
}

template <class T>
concept has_set_result = requires(T t) { t.set_result(1); };
template <class T>
concept has_set_exception = requires(T t) { t.set_exception(std::exception_ptr()); };
static_assert(has_set_result<future<int>> && has_set_exception<future<int>>);

TEST(tasks, B061_a_task_forbids_set_result_and_set_exception) {
    EXPECT_FALSE(has_set_result<task<int>>);
    EXPECT_FALSE(has_set_exception<task<int>>);
}

template <class A>
concept can_become_a_task = requires(A a) { create_task(std::move(a)); };
static_assert(can_become_a_task<coro<int>>);

BEHAVIOUR(B062_creating_a_task_from_something_else_than_a_coroutine_fails) {
    EXPECT_FALSE(can_become_a_task<int>);
    EXPECT_FALSE(can_become_a_task<future<int>>);
    EXPECT_FALSE((can_become_a_task<int (*)()>)) << "a function that returns no coroutine";
    run([&]() -> coro<void> {
        const auto nothing = []() -> coro<void> { co_return; };
        coro<void> body = nothing();
        const task<void> t = create_task(std::move(body));
        EXPECT_THROW(std::ignore = create_task(std::move(body)), std::runtime_error);
        co_await t;
    });
}

BEHAVIOUR(B063_names_are_automatic_and_unique_and_can_be_set) {
    run([&]() -> coro<void> {
        const auto nothing = []() -> coro<void> { co_return; };
        std::set<std::string> names;
        for (int n = 0; n < 100; ++n) {
            const task<void> t = create_task(nothing());
            EXPECT_THAT(t.name(), ::testing::StartsWith("Task-"));
            names.insert(t.name());
        }
        EXPECT_EQ(names.size(), 100u);

        const task<void> named = create_task(nothing(), {.name = "given"});
        EXPECT_EQ(named.name(), "given");
        named.set_name("other");
        EXPECT_EQ(named.name(), "other");
        const any_task untyped = named;
        untyped.set_name(std::string(100, 'x'));
        EXPECT_EQ(named.name(), std::string(100, 'x'));
        co_return;
    });
}

BEHAVIOUR(B064_current_task_is_the_task_inside_and_none_outside) {
    EXPECT_THROW(current_task(), std::runtime_error);
    run([&]() -> coro<void> {
        const any_task main = current_task();
        const auto child = [&](any_task creator) -> coro<void> {
            EXPECT_NE(current_task(), creator);
            note(current_task().name());
            co_await yield_now();
            note(current_task().name());
        };
        get_running_loop().call_soon([&] {
            EXPECT_FALSE(current_task());
            note("callback");
        });
        const task<void> t = create_task(child(main), {.name = "child"});
        const task<void> eager = create_task(child(main), {.name = "eager", .eager_start = true});
        EXPECT_EQ(current_task(), main);
        co_await t;
        EXPECT_EQ(current_task(), main);
        co_await eager;
    });
    EXPECT_EQ(trace(), "eager callback child eager child");
}

BEHAVIOUR(B065_all_tasks_lists_the_unfinished_tasks_of_that_loop) {
    const auto other = make_loop();
    const auto waits = []() -> coro<void> { co_await yield_now(); };
    const task<void> elsewhere = other->create_task(waits());
    run([&]() -> coro<void> {
        const future<int> not_a_task;
        const task<void> a = create_task(waits());
        const task<void> b = create_task(waits());
        EXPECT_THAT(all_tasks(), ::testing::ElementsAre(current_task(), a, b));
        co_await a;
        co_await b;
        EXPECT_THAT(all_tasks(), ::testing::ElementsAre(current_task()));
        EXPECT_THAT(other->all_tasks(), ::testing::ElementsAre(elsewhere));
    });
    other->run_until_complete(elsewhere);
    EXPECT_TRUE(other->all_tasks().empty());
}

BEHAVIOUR(B066_a_task_that_awaits_itself_gets_an_error) {
    run([&]() -> coro<void> {
        task<void> self;
        const auto body = [&]() -> coro<void> {
            try {
                co_await self;
            } catch (const std::runtime_error& error) {
                EXPECT_THAT(error.what(), HasSubstr("cannot await itself"));
                note("refused");
            }
        };
        self = create_task(body());
        co_await self;
    });
    EXPECT_EQ(trace(), "refused");
    EXPECT_EQ(trace(), twin("task_awaits_itself"));
}

BEHAVIOUR(B067_a_bare_yield_lets_every_other_ready_task_run_once) {
    run([&]() -> coro<void> {
        const auto child = [&](std::string name) -> coro<void> {
            for (const char* step : {"1", "2", "3"}) {
                note(name + step);
                co_await yield_now();
            }
        };
        const task<void> a = create_task(child, "a");
        const task<void> b = create_task(child, "b");
        for (const char* step : {"m1", "m2"}) {
            note(step);
            co_await yield_now();
        }
        note("m3");
        co_await a;
        co_await b;
    });
    EXPECT_EQ(trace(), "m1 a1 b1 m2 a2 b2 m3 a3 b3");
    EXPECT_EQ(trace(), twin("bare_yield"));
}

BEHAVIOUR(B068_tasks_that_yield_repeatedly_run_round_robin) {
    run([&]() -> coro<void> {
        const auto child = [&](int n, int yields) -> coro<void> {
            for (int k = 0; k < yields; ++k) {
                note(std::to_string(n) + "." + std::to_string(k));
                co_await yield_now();
            }
            note(std::to_string(n) + ".end");
        };
        std::vector<task<void>> tasks;
        for (int n = 0; n < 5; ++n) {
            tasks.push_back(create_task(child, n, n % 3 + 1));
        }
        for (const task<void>& t : tasks) {
            co_await t;
        }
    });
    EXPECT_EQ(trace(), twin("round_robin"));
    EXPECT_EQ(notes().size(), 14u);
}

BEHAVIOUR(B069_a_child_coroutine_shares_the_identity_and_the_context_of_its_task) {
    static context_var<int> number{"number", 0};
    run([&]() -> coro<void> {
        const any_task main = current_task();
        number.set(1);
        const auto child = [&]() -> coro<void> {
            EXPECT_EQ(current_task(), main);
            EXPECT_EQ(number.get(), 1);
            number.set(2);
            co_await yield_now();
            EXPECT_EQ(current_task(), main);
            EXPECT_EQ(number.get(), 2);
        };
        co_await child();
        EXPECT_EQ(number.get(), 2) << "what the child set is seen by its caller";
        EXPECT_EQ(all_tasks().size(), 1u);

        const auto as_task = [&]() -> coro<void> {
            number.set(3);
            co_return;
        };
        co_await create_task(as_task());
        EXPECT_EQ(number.get(), 2) << "what another task set is not";
    });
}

BEHAVIOUR(B070_a_chain_of_awaits_that_complete_at_once_does_not_starve_the_loop) {
    constexpr int limit = 100'000;
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const future<int> ready;
        ready.set_result(1);
        bool others_ran = false;
        int awaits = 0;
        loop.call_soon([&] { others_ran = true; });
        while (!others_ran && awaits < limit) {
            awaits += co_await ready;
        }
        EXPECT_LE(awaits, 200) << "a finished future";

        const auto one = []() -> coro<int> { co_return 1; };
        const task<int> finished = create_task(one());
        co_await finished;
        const auto in_a_child = [&]() -> coro<int> { co_return co_await finished; };
        others_ran = false;
        awaits = 0;
        loop.call_later(0s, [&] { others_ran = true; });
        while (!others_ran && awaits < limit) {
            awaits += co_await in_a_child();
        }
        EXPECT_LE(awaits, 400) << "a finished task, in a child";
    });
}

BEHAVIOUR(B070_the_budget_loses_no_result_and_ignores_a_cancellation_until_the_next_await) {
    run([&]() -> coro<void> {
        const future<int> ready;
        ready.set_result(1);
        int sum = 0;
        const auto sums = [&]() -> coro<void> {
            current_task().cancel();
            for (int n = 0; n < 1000; ++n) {
                sum += co_await ready;
            }
            EXPECT_EQ(sum, 1000);
            co_await yield_now();
            ADD_FAILURE() << "the cancellation was lost";
        };
        const task<void> t = create_task(sums());
        EXPECT_THROW(co_await t, cancelled_error);
        EXPECT_EQ(sum, 1000) << "the result wins over the cancellation";
    });
}

namespace {

constexpr int deep = 100'000;

coro<int> descend(int levels, bool suspends) {
    if (levels == 0) {
        if (suspends) {
            co_await yield_now();
        }
        co_return 0;
    }
    co_return 1 + co_await descend(levels - 1, suspends);
}

coro<int> descend_and_fail(int levels) {
    if (levels == 0) {
        co_await yield_now();
        throw std::domain_error("at the bottom");
    }
    co_return 1 + co_await descend_and_fail(levels - 1);
}

coro<int> descend_and_wait(int levels) {
    if (levels == 0) {
        co_await sleep_forever();
        co_return 0;
    }
    co_return 1 + co_await descend_and_wait(levels - 1);
}

}  // namespace

BEHAVIOUR(B071_deep_recursion_does_not_overflow_the_stack) {
    EXPECT_EQ(run(descend(deep, false)), deep);
    EXPECT_EQ(run(descend(deep, true)), deep);
}

BEHAVIOUR(B071_errors_and_cancellation_leave_a_deep_recursion) {
    constexpr int less_deep = deep / 10;  // an exception costs about two microseconds a level
    EXPECT_THROW(run(descend_and_fail(less_deep)), std::domain_error);
    run([&]() -> coro<void> {
        const task<int> waiting = create_task(descend_and_wait(less_deep));
        co_await yield_now();
        waiting.cancel();
        EXPECT_THROW(co_await waiting, cancelled_error);
    });
}

BEHAVIOUR(B072_dropping_the_last_handle_of_a_running_task_does_not_stop_it) {
    run([&]() -> coro<void> {
        const auto child = [&]() -> coro<void> {
            co_await sleep(1ms);
            note("finished");
        };
        std::ignore = create_task(child());
        co_await sleep(2ms);
    });
    EXPECT_EQ(trace(), "finished");
}
