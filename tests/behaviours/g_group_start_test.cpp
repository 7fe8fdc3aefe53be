// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"

#include <stdexcept>
#include <string>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of;

BEHAVIOUR(B179_start_returns_what_the_child_gives_to_started) {
    run([&]() -> coro<void> {
        const auto server = [this](task_status<int> status, int port) -> coro<void> {
            co_await sleep(1ms);
            status.started(port + 1);
            co_await sleep(1ms);
            note("served");
        };
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            note(std::to_string(co_await tg.start<int>(server, 80)));
        });
        note("left");
    });
    EXPECT_EQ(trace(), "81 served left");
}

BEHAVIOUR(B179_an_early_failure_is_thrown_by_start_and_not_by_the_group) {
    run([&]() -> coro<void> {
        const auto server = [](task_status<>) -> coro<void> {
            co_await yield_now();
            throw std::runtime_error("in use");
        };
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            note(end_of(co_await as_outcome(tg.start(server))));
            co_await sleep(1ms);
            note("body-goes-on");
        });
    });
    EXPECT_EQ(trace(), "in use body-goes-on");
}

BEHAVIOUR(B179_a_failure_after_started_is_the_groups) {
    run([&]() -> coro<void> {
        const auto server = [](task_status<> status) -> coro<void> {
            status.started();
            co_await yield_now();
            throw std::runtime_error("late");
        };
        const auto body = [&](task_group& tg) -> coro<void> {
            co_await tg.start(server);
            note("started");
        };
        note(end_of(co_await as_outcome(with(task_group(), body))));
    });
    EXPECT_EQ(trace(), "started group");
}

BEHAVIOUR(B179_a_child_that_ends_without_started_makes_start_fail) {
    run([&]() -> coro<void> {
        const auto forgets = [](task_status<>) -> coro<void> { co_await yield_now(); };
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            const auto end = co_await as_outcome(tg.start(forgets));
            EXPECT_THAT(end_of(end), ::testing::HasSubstr("without calling"));
            note("failed");
        });
    });
    EXPECT_EQ(trace(), "failed");
}

BEHAVIOUR(B179_started_twice_fails) {
    run([&]() -> coro<void> {
        const auto twice = [this](task_status<> status) -> coro<void> {
            status.started();
            EXPECT_THROW(status.started(), invalid_state_error);
            note("refused");
            co_return;
        };
        co_await with(task_group(),
                      [&](task_group& tg) -> coro<void> { co_await tg.start(twice); });
    });
    EXPECT_EQ(trace(), "refused");
}

BEHAVIOUR(B179_cancelling_start_cancels_the_child_and_its_error_is_the_groups) {
    run([&]() -> coro<void> {
        const auto server = [](task_status<>) -> coro<void> {
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                throw std::runtime_error("during");
            }
        };
        const auto body = [&](task_group& tg) -> coro<void> {
            note(end_of(co_await as_outcome(wait_for(tg.start(server), 1ms))));
            co_await sleep(1h);
        };
        note(end_of(co_await as_outcome(with(task_group(), body))));
    });
    // The child's error cancels the group, and that wins over the timeout inside it.
    EXPECT_EQ(trace(), "cancelled group");
}

BEHAVIOUR(B180_names_and_contexts_pass_through) {
    static context_var<int> var{"var", 0};
    run([&]() -> coro<void> {
        context other = copy_context();
        other.run([] { var.set(5); });
        const auto child = [this]() -> coro<void> {
            note(current_task().name() + "=" + std::to_string(var.get()));
            co_return;
        };
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            var.set(1);
            tg.create_task(child(), {.name = "copied"});
            tg.create_task(child(), {.name = "given", .context = &other});
            co_return;
        });
    });
    EXPECT_EQ(trace(), "copied=1 given=5");
}

BEHAVIOUR(B181_a_child_that_fails_eagerly_does_not_abort_before_it_is_registered) {
    run([&]() -> coro<void> {
        const auto fails = [this]() -> coro<void> {
            note("child");
            throw std::runtime_error("eager");
            co_return;
        };
        const auto body = [&](task_group& tg) -> coro<void> {
            const task<> t = tg.create_task(fails(), {.eager_start = true});
            EXPECT_TRUE(t.done());
            EXPECT_FALSE(tg.cancel_scope().cancel_called());
            note("body");
            co_await sleep(1h);
            note("never");
        };
        note(end_of(co_await as_outcome(with(task_group(), body))));
    });
    EXPECT_EQ(trace(), "child body group");
}

BEHAVIOURS_ON_EVERY_DRIVER;
