// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include <rondo/core/task_group.hpp>

#include <memory>
#include <stdexcept>
#include <string>

using namespace rondo;
using namespace std::chrono_literals;

BEHAVIOUR(B073_a_loop_that_is_destroyed_with_live_tasks_reports_each) {
    const auto held = std::make_shared<int>(0);
    const auto waits = [](std::shared_ptr<int>) -> coro<void> { co_await sleep_forever(); };
    any_task kept;
    {
        const auto loop = make_loop();
        loop->set_exception_handler([&](event_loop&, const exception_context& context) {
            EXPECT_EQ(context.message, "task was destroyed but it is pending");
            note(context.where.substr(0, context.where.find(' ')));
        });
        const auto finishes = []() -> coro<void> { co_return; };
        std::ignore = loop->create_task(waits(held), {.name = "started"});
        kept = loop->create_task(waits(held), {.name = "kept"});
        loop->run_until_complete(finishes());
        std::ignore = loop->create_task(waits(held), {.name = "unstarted"});
    }
    EXPECT_EQ(trace(), "started kept unstarted");
    EXPECT_TRUE(kept.done());
    EXPECT_TRUE(kept.cancelled());
    EXPECT_FALSE(kept.cancel());
    kept = any_task();
    EXPECT_EQ(held.use_count(), 1) << "what the tasks owned was not released";
}

BEHAVIOUR(B073_tasks_that_wait_for_each_other_are_destroyed_with_their_loop) {
    const auto held = std::make_shared<int>(0);
    task<void> outer;
    task<void> inner;
    {
        const auto loop = make_loop();
        loop->set_exception_handler(
            [&](event_loop&, const exception_context&) { note("reported"); });
        const auto waits = [](std::shared_ptr<int>) -> coro<void> { co_await sleep_forever(); };
        const auto waits_for = [](task<void>& other, std::shared_ptr<int>) -> coro<void> {
            co_await other;
        };
        outer = loop->create_task(waits_for(inner, held));
        inner = loop->create_task(waits(held));
        std::ignore = loop->create_task(waits_for(inner, held));
        loop->call_later(1ms, [&] { loop->stop(); });
        loop->run_forever();
    }
    EXPECT_EQ(trace(), "reported reported reported");
    EXPECT_FALSE(outer.cancel());
    EXPECT_FALSE(inner.cancel());
    outer = task<void>();
    inner = task<void>();
    EXPECT_EQ(held.use_count(), 1);
}

BEHAVIOUR(B074_done_callbacks_run_by_the_loop_after_the_result_is_visible) {
    run([&]() -> coro<void> {
        const auto child = [&]() -> coro<int> {
            get_running_loop().call_soon([&] { note("queued_by_child"); });
            note("child");
            co_return 7;
        };
        const task<int> t = create_task(child());
        t.add_done_callback([&](const task<int>& done) {
            EXPECT_TRUE(done.done());
            EXPECT_FALSE(current_task());
            note("callback" + std::to_string(done.result()));
        });
        co_await yield_now();
        EXPECT_TRUE(t.done());
        note("main");
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "child main queued_by_child callback7");
    EXPECT_EQ(trace(), twin("done_callbacks_of_a_task"));
}

BEHAVIOUR(B075_an_eager_task_runs_before_create_task_returns_up_to_its_first_suspension) {
    run([&]() -> coro<void> {
        const auto child = [&]() -> coro<int> {
            note("child");
            co_await yield_now();
            note("goes_on");
            co_return 7;
        };
        const task<int> t = create_task(child(), {.eager_start = true});
        note("created");
        EXPECT_FALSE(t.done());
        EXPECT_EQ(co_await t, 7);
    });
    EXPECT_EQ(trace(), "child created goes_on");
}

BEHAVIOUR(B076_an_eager_task_that_completes_is_done_at_once_and_never_listed) {
    run([&]() -> coro<void> {
        const auto child = []() -> coro<std::string> { co_return "at once"; };
        const task<std::string> t = create_task(child(), {.eager_start = true});
        EXPECT_TRUE(t.done());
        EXPECT_EQ(t.result(), "at once");
        EXPECT_THAT(all_tasks(), ::testing::ElementsAre(current_task()));
        t.add_done_callback([&] { note("callback"); });
        note("added");
        co_await yield_now();
        EXPECT_THAT(all_tasks(), ::testing::ElementsAre(current_task()));
    });
    EXPECT_EQ(trace(), "added callback");
}

BEHAVIOUR(B077_an_exception_of_an_eager_task_goes_to_the_task_and_not_to_the_creator) {
    run([&]() -> coro<void> {
        const auto child = []() -> coro<void> {
            throw std::domain_error("at once");
            co_return;
        };
        task<void> t;
        EXPECT_NO_THROW(t = create_task(child(), {.eager_start = true}));
        EXPECT_TRUE(t.done());
        EXPECT_THROW(t.result(), std::domain_error);
        co_return;
    });
}

BEHAVIOUR(B078_current_task_and_context_are_the_eager_ones_in_the_step_and_the_old_ones_after) {
    static context_var<int> number{"number", 0};
    run([&]() -> coro<void> {
        const any_task main = current_task();
        number.set(1);
        any_task seen;
        const auto innermost = [&](any_task creator) -> coro<void> {
            EXPECT_NE(current_task(), creator);
            co_return;
        };
        const auto child = [&]() -> coro<void> {
            seen = current_task();
            EXPECT_EQ(number.get(), 1);
            number.set(2);
            const task<void> nested = create_task(innermost(seen), {.eager_start = true});
            EXPECT_TRUE(nested.done());
            EXPECT_EQ(current_task(), seen);
            co_await yield_now();
            EXPECT_EQ(current_task(), seen);
            EXPECT_EQ(number.get(), 2);
        };
        const task<void> t = create_task(child(), {.eager_start = true});
        EXPECT_EQ(seen, t);
        EXPECT_EQ(current_task(), main);
        EXPECT_EQ(number.get(), 1);
        co_await t;
        EXPECT_EQ(current_task(), main);
        EXPECT_EQ(number.get(), 1);
    });
}

BEHAVIOUR(B079_eager_outside_a_running_loop_is_scheduled_as_usual) {
    const auto loop = make_loop();
    const auto child = [&]() -> coro<void> {
        note("child");
        co_return;
    };
    const task<void> t = loop->create_task(child(), {.eager_start = true});
    note("created");
    EXPECT_FALSE(t.done());
    loop->run_until_complete(t);
    EXPECT_EQ(trace(), "created child");

    run([&]() -> coro<void> {  // nor may it run inside another loop
        const task<void> elsewhere = loop->create_task(child(), {.eager_start = true});
        EXPECT_FALSE(elsewhere.done());
        elsewhere.cancel();
        co_return;
    });
    EXPECT_EQ(trace(), "created child");
    loop->run_until_complete(loop->create_task(child()));
    EXPECT_EQ(trace(), "created child child");
}

BEHAVIOUR(B080_an_eager_child_that_fails_aborts_its_group_only_when_the_body_awaits) {
    run([&]() -> coro<void> {
        const auto fails = []() -> coro<void> {
            throw std::domain_error("at once");
            co_return;
        };
        const auto sleeps = [&]() -> coro<void> {
            note("sibling");
            co_await sleep_forever();
        };
        const auto body = [&](task_group& group) -> coro<void> {
            const task<void> failed = group.create_task(fails(), {.eager_start = true});
            EXPECT_TRUE(failed.done());
            note("body_goes_on");
            const task<void> sibling = group.create_task(sleeps());
            note("sibling_created");
            co_await sleep_forever();
        };
        try {
            co_await with(task_group(), body);
            ADD_FAILURE() << "the group did not fail";
        } catch (const exception_group& errors) {
            EXPECT_EQ(errors.exceptions().size(), 1u);
        }
    });
    EXPECT_THAT(trace(), ::testing::StartsWith("body_goes_on sibling_created"));
}

BEHAVIOUR(B081_eager_start_false_overrides_an_eager_factory) {
    run([&]() -> coro<void> {
        get_running_loop().set_task_factory(eager_task_factory);
        const auto child = [&](std::string name) -> coro<void> {
            note(name);
            co_return;
        };
        const task<void> eager = create_task(child("eager"));
        note("created");
        const task<void> lazy = create_task(child("lazy"), {.eager_start = false});
        note("created_too");
        EXPECT_TRUE(eager.done());
        EXPECT_FALSE(lazy.done());
        co_await lazy;
        get_running_loop().set_task_factory(nullptr);
        const task<void> usual = create_task(child("usual"));
        EXPECT_FALSE(usual.done());
        co_await usual;
    });
    EXPECT_EQ(trace(), "eager created created_too lazy usual");
}

BEHAVIOUR(B082_a_custom_factory_sees_all_options_and_may_change_them) {
    static context_var<int> number{"number", 0};
    task_options seen;
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        context given = copy_context();
        given.run([] { number.set(5); });
        loop.set_task_factory([&seen](event_loop& in, task_options& options) {
            EXPECT_EQ(&in, &get_running_loop());
            seen = options;
            options.name = "by_the_factory";
        });
        const auto child = [&]() -> coro<void> {
            note(current_task().name() + std::to_string(number.get()));
            co_return;
        };
        const task<void> t =
            create_task(child(), {.name = "mine", .eager_start = true, .context = &given});
        EXPECT_EQ(seen.name, "mine");
        EXPECT_EQ(seen.eager_start, true);
        EXPECT_EQ(seen.context, &given);
        EXPECT_TRUE(t.done());
        const task<void> plain = create_task(child());
        EXPECT_EQ(seen.name, "");
        EXPECT_EQ(seen.eager_start, std::nullopt);
        EXPECT_EQ(seen.context, nullptr);
        co_await plain;
        loop.set_task_factory(nullptr);
    });
    EXPECT_EQ(trace(), "by_the_factory5 by_the_factory0");
}

BEHAVIOUR(B082_a_factory_that_throws_makes_no_task) {
    run([&]() -> coro<void> {
        get_running_loop().set_task_factory(
            [](event_loop&, task_options&) { throw std::domain_error("no tasks today"); });
        const auto child = [&]() -> coro<void> {
            note("never");
            co_return;
        };
        EXPECT_THROW(std::ignore = create_task(child()), std::domain_error);
        EXPECT_EQ(all_tasks().size(), 1u);
        get_running_loop().set_task_factory(nullptr);
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "");
}
