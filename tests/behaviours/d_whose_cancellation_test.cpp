// SPDX-License-Identifier: MIT
// Who asked for a cancellation, whom it has reached, and where it ends.
#include "behaviour.hpp"
#include "ends.hpp"

#include <stdexcept>
#include <string>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of;
using rondo_test::end_of_handle;

namespace {

coro<void> hour() { co_await sleep(1h); }

coro<void> fails_after(std::chrono::milliseconds delay) {
    co_await sleep(delay);
    throw std::runtime_error("failed");
}

/// Takes a number of cancellations as hints, and tries again each time.
coro<void> takes_hints(int hints) {
    for (; hints > 0; --hints) {
        std::ignore = co_await as_outcome(hour());
    }
    co_await hour();
}

coro<void> awaits(task<> other) { co_await other; }
coro<void> gathers(task<> other) { co_await gather(other); }
coro<void> waits_for(task<> other, std::chrono::milliseconds limit) {
    co_await wait_for(other, limit);
}

}  // namespace

// ---- a scope ends only what it has asked for itself

BEHAVIOUR(a_group_lets_a_cancellation_through_that_was_not_its_own) {
    run([&]() -> coro<void> {
        const task<> job = create_task(hour());
        co_await yield_now();
        job.cancel();
        const auto body = [&](task_group&) -> coro<void> { co_await job; };
        note(end_of(co_await as_outcome(with(task_group(), body))));
        const auto with_a_child = [&](task_group& tg) -> coro<void> {
            tg.create_task(hour());
            co_await job;
        };
        note(end_of(co_await as_outcome(with(task_group(), with_a_child))));
    });
    EXPECT_EQ(trace(), "cancelled cancelled");
}

BEHAVIOUR(a_group_that_is_cancelled_while_its_children_end_did_not_cancel_the_body_before) {
    run([&]() -> coro<void> {
        const task<> job = create_task(hour());
        job.cancel();
        const auto body = [&](task_group& tg) -> coro<void> {
            const auto child = [&tg]() -> coro<void> {
                std::ignore = co_await as_outcome(hour());
                tg.cancel();
            };
            tg.create_task(child);
            co_await yield_now();
            co_await job;
        };
        note(end_of(co_await as_outcome(with(task_group(), body))));
    });
    EXPECT_EQ(trace(), "cancelled");
}

BEHAVIOUR(a_scope_that_nobody_cancelled_lets_every_cancellation_through) {
    run([&]() -> coro<void> {
        const task<> job = create_task(hour());
        job.cancel();
        const auto body = [&]() -> coro<void> { co_await job; };
        note(end_of(co_await as_outcome(with(cancel_scope(), body))));
        note(end_of(co_await as_outcome(with(timeout(1h), body))));
        note(end_of(co_await as_outcome(wait_for(job, 1h))));
        note(end_of(co_await as_outcome(wait_for(job, 0s))));
    });
    EXPECT_EQ(trace(), "cancelled cancelled cancelled cancelled");
}

// ---- what is pending is passed on

BEHAVIOUR(a_pending_cancellation_is_passed_on_to_the_task_that_is_awaited) {
    run([&]() -> coro<void> {
        const task<> child = create_task(hour());
        const task<> other = create_task(hour());
        const future<> plain;
        co_await yield_now();
        const auto waits = [](auto what) -> coro<void> {
            current_task().cancel();
            co_await what;
        };
        note(end_of(co_await as_outcome(create_task(waits(child)))));
        note(end_of(co_await as_outcome(create_task(waits(plain)))));
        note(end_of(co_await as_outcome(create_task(waits(create_task(hour()))))));
        note(end_of_handle(child));
        note(end_of_handle(plain));
        EXPECT_EQ(other.cancelling(), 0);
    });
    EXPECT_EQ(trace(), "cancelled cancelled cancelled cancelled cancelled");
}

BEHAVIOUR(a_pending_cancellation_leaves_alone_what_is_shielded) {
    run([&]() -> coro<void> {
        const task<> child = create_task(hour());
        const auto waits = [&]() -> coro<void> {
            current_task().cancel();
            co_await shield(child);
        };
        note(end_of(co_await as_outcome(create_task(waits()))));
        EXPECT_EQ(child.cancelling(), 0);
    });
    EXPECT_EQ(trace(), "cancelled");
}

BEHAVIOUR(an_await_that_was_passed_a_pending_cancellation_ends_as_the_awaited_task_ends) {
    run([&]() -> coro<void> {
        const auto swallows = []() -> coro<int> {
            std::ignore = co_await as_outcome(hour());
            co_return 7;
        };
        const task<int> child = create_task(swallows());
        co_await yield_now();
        const auto waits = [&]() -> coro<void> {
            current_task().cancel();
            note(std::to_string(co_await child));
            co_await sleep(1ms);  // the request was answered
            note("goes on");
        };
        co_await create_task(waits());
    });
    EXPECT_EQ(trace(), "7 goes on");
}

BEHAVIOUR(an_expired_deadline_is_passed_on_to_a_task_that_is_awaited_after_it) {
    run([&]() -> coro<void> {
        const task<> child = create_task(hour());
        const auto body = [&]() -> coro<void> {
            note(end_of(co_await as_outcome(hour())));
            co_await child;
        };
        note(end_of(co_await as_outcome(with(timeout(1ms), body))));
        EXPECT_TRUE(child.cancelled());
    });
    EXPECT_EQ(trace(), "cancelled timeout");
}

// ---- each scope asks each await once, and a request is never taken for another one

BEHAVIOUR(an_outer_deadline_reaches_a_task_that_an_inner_one_has_asked_before) {
    if (!simulated()) {
        return;  // a machine that is busy would be late for both deadlines at once
    }
    run([&]() -> coro<void> {
        const auto start = loop_clock::now();
        for (int form = 0; form < 3; ++form) {
            const task<> job = create_task(takes_hints(1));
            const auto inner = [&]() -> coro<void> {
                switch (form) {
                    case 0:
                        return waits_for(job, 1ms);
                    case 1:
                        return fail_after(1ms, [&] { return awaits(job); });
                    default:
                        return fail_after(1ms, [&] { return gathers(job); });
                }
            };
            note(end_of(co_await as_outcome(wait_for(inner(), 5ms))));
            EXPECT_TRUE(job.cancelled());
            EXPECT_EQ(job.cancelling(), 2);
        }
        EXPECT_LT(loop_clock::now() - start, 1h);
    });
    EXPECT_EQ(trace(), "timeout timeout timeout");
}

BEHAVIOUR(each_of_many_deadlines_asks_once_from_inside_outwards) {
    if (!simulated()) {
        return;  // a machine that is busy would be late for both deadlines at once
    }
    run([&]() -> coro<void> {
        const task<> job = create_task(takes_hints(3));
        const auto nested = [&](auto self, int depth) -> coro<void> {
            if (depth == 0) {
                co_await job;
            } else {
                co_await fail_after(depth * 1ms, [&] { return self(self, depth - 1); });
            }
        };
        const auto outermost = [&]() -> coro<void> { return nested(nested, 4); };
        note(end_of(co_await as_outcome(outermost())));
        EXPECT_EQ(job.cancelling(), 4);
    });
    EXPECT_EQ(trace(), "timeout");
}

BEHAVIOUR(each_of_many_scopes_asks_once_in_whatever_order) {
    run([&]() -> coro<void> {
        cancel_scope outer;
        cancel_scope middle;
        cancel_scope inner;
        const auto awaited = [&](auto& job) -> coro<void> {
            const auto innermost = [&]() -> coro<void> { co_await job; };
            const auto between = [&]() -> coro<void> { co_await with(inner, innermost); };
            const auto outside = [&]() -> coro<void> { co_await with(middle, between); };
            co_await with(outer, outside);
        };
        const task<> job = create_task(takes_hints(2));
        const task<> waiting = create_task(awaited(job));
        int asked = 0;
        for (cancel_scope* scope : {&middle, &outer, &inner}) {
            co_await sleep(1ms);
            EXPECT_EQ(job.cancelling(), asked);
            scope->cancel();
            scope->cancel();
            EXPECT_EQ(job.cancelling(), ++asked);
        }
        co_await waiting;
        note(end_of_handle(job));
        EXPECT_TRUE(outer.cancelled_caught());
        EXPECT_FALSE(middle.cancelled_caught());
    });
    EXPECT_EQ(trace(), "cancelled");
}

BEHAVIOUR(an_inner_deadline_reaches_a_task_that_an_outer_one_has_asked_before) {
    if (!simulated()) {
        return;  // a machine that is busy would be late for both deadlines at once
    }
    run([&]() -> coro<void> {
        const task<> job = create_task(takes_hints(1));
        const auto inner = [&]() -> coro<void> {
            note(end_of(co_await as_outcome(waits_for(job, 5ms))));
        };
        note(end_of(co_await as_outcome(fail_after(1ms, inner))));
        EXPECT_EQ(job.cancelling(), 2);
    });
    // The outer one wants it too, and so the inner one does not speak; but its error was caught.
    EXPECT_EQ(trace(), "cancelled value");
}

BEHAVIOUR(a_scope_reaches_a_task_that_was_asked_by_hand_before_and_the_other_way_round) {
    if (!simulated()) {
        return;  // a machine that is busy would be late for both deadlines at once
    }
    run([&]() -> coro<void> {
        const task<> job = create_task(takes_hints(2));
        const auto waits = [&]() -> coro<void> {
            note(end_of(co_await as_outcome(waits_for(job, 5ms))));
        };
        const task<> waiting = create_task(waits());
        co_await sleep(1ms);
        waiting.cancel();
        co_await sleep(9ms);
        EXPECT_EQ(job.cancelling(), 2);
        waiting.cancel();
        co_await waiting;
        EXPECT_EQ(job.cancelling(), 3);
    });
    EXPECT_EQ(trace(), "cancelled");
}

BEHAVIOUR(a_shield_that_is_taken_down_reveals_the_deadline_to_a_task_that_is_awaited) {
    run([&]() -> coro<void> {
        const task<> job = create_task(hour());
        cancel_scope shield;
        shield.set_shield(true);
        get_running_loop().call_later(5ms, [&] { shield.set_shield(false); });
        const auto inside = [&]() -> coro<void> { co_await job; };
        const auto body = [&]() -> coro<void> { co_await with(shield, inside); };
        const auto start = loop_clock::now();
        note(end_of(co_await as_outcome(with(timeout(1ms), body))));
        EXPECT_GE(loop_clock::now() - start, 5ms);
        EXPECT_EQ(job.cancelling(), 1);
    });
    EXPECT_EQ(trace(), "timeout");
}

BEHAVIOUR(a_failing_group_reaches_the_task_that_a_member_gathers_at_its_own_deadline) {
    run([&]() -> coro<void> {
        const auto patient = []() -> coro<void> {
            try {
                co_await wait_for(hour(), 10ms);
            } catch (const timeout_error&) {
            }
            co_await hour();
        };
        const auto member = [&]() -> coro<void> { co_await gather(create_task(patient())); };
        const auto start = loop_clock::now();
        const auto body = [&](task_group& tg) -> coro<void> {
            tg.create_task(member());
            tg.create_task(fails_after(10ms));
            co_return;
        };
        note(end_of(co_await as_outcome(with(task_group(), body))));
        EXPECT_LT(loop_clock::now() - start, 1h);
    });
    EXPECT_EQ(trace(), "group");
}

// ---- gather tells its caller what it was told

BEHAVIOUR(a_cancelled_gather_throws_although_a_member_swallowed_the_cancellation) {
    run([&]() -> coro<void> {
        const auto stubborn = []() -> coro<int> {
            std::ignore = co_await as_outcome(hour());
            co_return 1;
        };
        const auto own = [&]() -> coro<void> { co_await gather(stubborn(), stubborn()); };
        const auto of_a_task = [&]() -> coro<void> { co_await gather(create_task(stubborn())); };
        for (const task<>& t : {create_task(own()), create_task(of_a_task())}) {
            co_await sleep(1ms);
            t.cancel();
            note(end_of(co_await as_outcome(t)));
        }
        note(end_of(co_await as_outcome(wait_for(own(), 1ms))));
        note(end_of(co_await as_outcome(wait_for(of_a_task(), 1ms))));
    });
    EXPECT_EQ(trace(), "cancelled cancelled timeout timeout");
}

BEHAVIOUR(a_deadline_that_reached_no_member_leaves_gather_its_results) {
    run([&]() -> coro<void> {
        const future<int> gate;
        const auto passes = [&]() -> coro<int> { co_return co_await gate; };
        cancel_scope scope;
        const auto body = [&]() -> coro<void> {
            const auto [a, b] = co_await gather(passes(), create_task(passes()));
            note(std::to_string(a + b));
            co_await hour();
            note("never");
        };
        get_running_loop().call_later(1ms, [&] {
            gate.set_result(2);
            scope.cancel();
        });
        co_await with(scope, body);
        EXPECT_TRUE(scope.cancelled_caught());
    });
    EXPECT_EQ(trace(), "4");
}

BEHAVIOURS_ON_EVERY_DRIVER;
