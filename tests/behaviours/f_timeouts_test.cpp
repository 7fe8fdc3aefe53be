// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"

#include <stdexcept>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of;

namespace {

coro<void> hour() { co_await sleep(1h); }

}  // namespace

BEHAVIOUR(B137_a_block_that_finishes_in_time_is_not_affected_and_its_timer_is_gone) {
    run([&]() -> coro<void> {
        auto& timers = core_of(get_running_loop()).timers();
        const std::size_t before = timers.size();
        timeout limit(1h);
        const int value = co_await with(limit, [&]() -> coro<int> {
            EXPECT_EQ(timers.size(), before + 1);
            co_await yield_now();
            co_return 6;
        });
        EXPECT_EQ(value, 6);
        EXPECT_FALSE(limit.expired());
        EXPECT_EQ(timers.size(), before);
    });
}

BEHAVIOUR(B138_expiry_cancels_the_body_and_throws_timeout_error_at_the_end_of_the_block) {
    run([&]() -> coro<void> {
        try {
            co_await with(timeout(1ms), [&]() -> coro<void> {
                try {
                    co_await sleep(1h);
                } catch (const cancelled_error&) {
                    note("body-cancelled");
                    throw;
                }
            });
        } catch (const timeout_error&) {
            note("timeout");
        }
        EXPECT_EQ(current_task().cancelling(), 0);
    });
    EXPECT_EQ(trace(), "body-cancelled timeout");
    EXPECT_EQ(trace(), twin("timeout_expires"));
}

BEHAVIOUR(B139_a_timeout_of_nothing_never_fires_but_can_be_armed) {
    run([&]() -> coro<void> {
        timeout never(std::nullopt);
        co_await with(never, []() -> coro<void> { co_await sleep(2ms); });
        EXPECT_FALSE(never.expired());

        timeout armed(std::nullopt);
        const auto body = [&]() -> coro<void> {
            armed.reschedule(get_running_loop().time() + 1ms);
            co_await sleep(1h);
        };
        note(end_of(co_await as_outcome(with(armed, body))));
    });
    EXPECT_EQ(trace(), "timeout");
}

BEHAVIOUR(B140_a_deadline_in_the_past_fires_at_the_first_yield_only) {
    run([&]() -> coro<void> {
        const time_point past = get_running_loop().time() - 1s;
        const auto yields = [this]() -> coro<void> {
            note("yields");
            co_await yield_now();
            note("never");
        };
        note(end_of(co_await as_outcome(with(timeout_at(past), yields))));
        const auto does_not = [this]() -> coro<void> {
            note("does-not");
            co_return;
        };
        note(end_of(co_await as_outcome(with(timeout_at(past), does_not))));
    });
    EXPECT_EQ(trace(), "yields timeout does-not value");
    EXPECT_EQ(trace(), twin("timeout_in_the_past"));
}

BEHAVIOUR(B141_reschedule_is_honoured_while_the_block_runs) {
    run([&]() -> coro<void> {
        timeout earlier(1h);
        const auto to_earlier = [&]() -> coro<void> {
            earlier.reschedule(get_running_loop().time() + 1ms);
            co_await sleep(1h);
        };
        note(end_of(co_await as_outcome(with(earlier, to_earlier))));
        timeout later(1ms);
        const auto to_later = [&]() -> coro<void> {
            later.reschedule(get_running_loop().time() + 1h);
            co_await sleep(4ms);
        };
        note(end_of(co_await as_outcome(with(later, to_later))));
        timeout never(1ms);
        const auto to_never = [&]() -> coro<void> {
            never.reschedule(std::nullopt);
            co_await sleep(4ms);
        };
        note(end_of(co_await as_outcome(with(never, to_never))));
    });
    EXPECT_EQ(trace(), "timeout value value");
}

BEHAVIOUR(B141_reschedule_is_refused_before_and_after) {
    run([&]() -> coro<void> {
        timeout limit(1h);
        EXPECT_THROW(limit.reschedule(std::nullopt), std::runtime_error);
        co_await with(limit, []() -> coro<void> { co_await yield_now(); });
        EXPECT_THROW(limit.reschedule(std::nullopt), std::runtime_error);
        timeout expired(1ms);
        const auto body = [&]() -> coro<void> {
            note(end_of(co_await as_outcome(sleep(1h))));
            EXPECT_THROW(expired.reschedule(std::nullopt), std::runtime_error);
        };
        co_await with(expired, body);
    });
    EXPECT_EQ(trace(), "cancelled");
}

BEHAVIOUR(B142_when_and_expired_are_right_in_each_state) {
    run([&]() -> coro<void> {
        const time_point when = get_running_loop().time() + 1ms;
        timeout limit(when);
        EXPECT_EQ(limit.when(), when);
        EXPECT_FALSE(limit.expired());
        const auto body = [&]() -> coro<void> {
            EXPECT_EQ(limit.when(), when);
            EXPECT_FALSE(limit.expired());
            const auto end = co_await as_outcome(sleep(1h));
            EXPECT_TRUE(limit.expired());
            EXPECT_GE(get_running_loop().time(), when);
            end.value();
        };
        note(end_of(co_await as_outcome(with(limit, body))));
        EXPECT_TRUE(limit.expired());
        EXPECT_EQ(limit.when(), when);
        EXPECT_EQ(timeout(std::nullopt).when(), std::nullopt);
    });
    EXPECT_EQ(trace(), "timeout");
}

BEHAVIOUR(B143_when_the_inner_expires_first_only_the_inner_converts) {
    run([&]() -> coro<void> {
        timeout outer(1h);
        co_await with(outer, [&]() -> coro<void> {
            note("inner:" + end_of(co_await as_outcome(with(timeout(1ms), hour))));
            EXPECT_FALSE(outer.expired());
            outer.reschedule(get_running_loop().time() + 1h);  // it is still armed
        });
        note("outer:value");
    });
    EXPECT_EQ(trace(), "inner:timeout outer:value");
    EXPECT_EQ(trace(), twin("timeout_inner_first"));
}

BEHAVIOUR(B144_when_the_outer_expires_inside_the_inner_it_converts_at_the_outer) {
    run([&]() -> coro<void> {
        timeout inner(1h);
        const auto body = [&]() -> coro<void> {
            const auto end = co_await as_outcome(with(inner, hour));
            note("inner:" + end_of(end));
            end.value();
        };
        note("outer:" + end_of(co_await as_outcome(with(timeout(1ms), body))));
        EXPECT_FALSE(inner.expired());
    });
    EXPECT_EQ(trace(), "inner:cancelled outer:timeout");
    EXPECT_EQ(trace(), twin("timeout_outer_first"));
}

BEHAVIOUR(B145_when_both_expire_in_one_pass_the_outermost_wins) {
    run([&]() -> coro<void> {
        const time_point when = get_running_loop().time() + 1ms;
        timeout inner(when);
        const auto body = [&]() -> coro<void> {
            const auto end = co_await as_outcome(with(inner, hour));
            note("inner:" + end_of(end));
            end.value();
        };
        note("outer:" + end_of(co_await as_outcome(with(timeout(when), body))));
    });
    EXPECT_EQ(trace(), "inner:cancelled outer:timeout");
    EXPECT_EQ(trace(), twin("timeout_both"));
}

BEHAVIOUR(B146_an_external_cancel_is_never_converted) {
    run([&]() -> coro<void> {
        const auto body = []() -> coro<void> { co_await with(timeout(1h), hour); };
        const task<> t = create_task(body());
        co_await yield_now();
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "cancelled");
    EXPECT_EQ(trace(), twin("timeout_external_cancel"));
}

BEHAVIOUR(B147_when_an_external_cancel_and_the_expiry_come_together_cancellation_wins) {
    run([&]() -> coro<void> {
        timeout limit(1h);
        const auto body = [&]() -> coro<void> { co_await with(limit, hour); };
        const task<> t = create_task(body());
        co_await yield_now();
        limit.core().expire();
        t.cancel();
        note(end_of(co_await as_outcome(t)));
        EXPECT_TRUE(limit.expired());
    });
    EXPECT_EQ(trace(), "cancelled");
}

BEHAVIOUR(B148_an_error_of_the_body_on_expiry_propagates) {
    run([&]() -> coro<void> {
        timeout limit(1ms);
        const auto body = []() -> coro<void> {
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                throw std::runtime_error("mine");
            }
        };
        note(end_of(co_await as_outcome(with(limit, body))));
        EXPECT_TRUE(limit.expired());
    });
    EXPECT_EQ(trace(), "mine");
    EXPECT_EQ(trace(), twin("timeout_body_raises"));
}

BEHAVIOUR(B149_a_body_that_swallows_the_cancellation_ends_the_block_normally) {
    run([&]() -> coro<void> {
        timeout limit(1ms);
        co_await with(limit, [&]() -> coro<void> { note(end_of(co_await as_outcome(sleep(1h)))); });
        EXPECT_TRUE(limit.expired());
        co_await sleep(1ms);
        note("went-on");
    });
    EXPECT_EQ(trace(), "cancelled went-on");
    EXPECT_EQ(trace(), twin("timeout_swallowed"));
}

BEHAVIOUR(B150_a_timeout_in_the_cleanup_after_a_cancel_still_works) {
    run([&]() -> coro<void> {
        const auto body = [this]() -> coro<void> {
            const auto end = co_await as_outcome(sleep(1h));
            note(end_of(end));
            note(end_of(co_await as_outcome(with(timeout(1ms), hour))));
            end.value();
        };
        const task<> t = create_task(body());
        co_await yield_now();
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "cancelled timeout cancelled");
}

BEHAVIOUR(B150_a_timeout_in_a_shielded_cleanup_does_not_see_the_cancel_that_comes_meanwhile) {
    run([&]() -> coro<void> {
        const auto cleanup = [this]() -> coro<void> {
            const auto body = [this]() -> coro<void> {
                const auto end = co_await as_outcome(sleep(1h));
                note("inside:" + end_of(end));
                end.value();
            };
            note("limit:" + end_of(co_await as_outcome(with(timeout(2ms), body))));
        };
        const auto work = [&]() -> coro<void> {
            const auto nothing = []() -> coro<void> { co_return; };
            co_await finally_(nothing, cleanup);
            co_await sleep(1h);
            note("never");
        };
        const task<> t = create_task(work());
        co_await yield_now();
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "inside:cancelled limit:timeout cancelled");
}

BEHAVIOUR(B151_a_timeout_around_a_group_cancels_the_children_and_throws_timeout_error) {
    run([&]() -> coro<void> {
        const auto child = [this]() -> coro<void> {
            const auto end = co_await as_outcome(sleep(1h));
            note("child:" + end_of(end));
            end.value();
        };
        const auto group = [&](task_group& tg) -> coro<void> {
            tg.create_task(child());
            tg.create_task(child());
            co_return;
        };
        const auto body = [&]() -> coro<void> { co_await with(task_group(), group); };
        note(end_of(co_await as_outcome(with(timeout(1ms), body))));
    });
    EXPECT_EQ(trace(), "child:cancelled child:cancelled timeout");
    EXPECT_EQ(trace(), twin("timeout_around_a_group"));
}

BEHAVIOUR(B152_a_timeout_outside_a_task_fails_and_so_does_entering_twice) {
    run([&]() -> coro<void> {
        get_running_loop().call_soon([&] {
            timeout limit(1ms);
            EXPECT_THROW(limit.aenter(), std::runtime_error);
            note("refused");
        });
        co_await yield_now();
        timeout limit(1h);
        const auto body = [&]() -> coro<void> { co_await with(limit, hour); };
        note(end_of(co_await as_outcome(with(limit, body))));
    });
    EXPECT_EQ(trace(), "refused timeout: entered a second time");
}

BEHAVIOURS_ON_EVERY_DRIVER;
