// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"
#include <rondo/core/detail/task_core.hpp>

#include <coroutine>
#include <stdexcept>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of;

namespace {

/// An operation that the kernel goes on with for a while after it was asked to stop.
class stubborn_operation {
public:
    class awaiter final : public detail::waiter {
    public:
        using rondo_awaitable = void;

        explicit awaiter(stubborn_operation& of) noexcept : of_(of) {}
        bool await_ready() { return cancelled_before_start(); }
        void await_suspend(std::coroutine_handle<> handle) noexcept {
            suspend(handle);
            of_.at_ = this;
        }
        int await_resume() {
            throw_if_cancelled();
            ++of_.resumed;
            return 4;
        }
        detail::cancel_answer cancel() noexcept override {
            ++of_.asked_to_stop;
            return detail::cancel_answer::deferred;
        }
        const char* operation() const noexcept override { return "stubborn_operation"; }

    private:
        stubborn_operation& of_;
    };

    awaiter wait() { return awaiter(*this); }
    void complete() { at_->wake(); }

    int resumed = 0;
    int asked_to_stop = 0;

private:
    awaiter* at_ = nullptr;
};

}  // namespace

BEHAVIOUR(B103_a_cancelled_scope_throws_again_at_the_next_await_after_it_was_swallowed) {
    run([&]() -> coro<void> {
        cancel_scope scope;
        co_await with(scope, [&]() -> coro<void> {
            scope.cancel();
            for (int i = 0; i < 3; ++i) {
                note(end_of(co_await as_outcome(sleep(1ms))));
            }
        });
        EXPECT_FALSE(scope.cancelled_caught());
        co_await sleep(1ms);
        note("left");
    });
    EXPECT_EQ(trace(), "cancelled cancelled cancelled left");
}

BEHAVIOUR(B103_a_timeout_throws_again_too) {
    run([&]() -> coro<void> {
        const auto body = [this]() -> coro<void> {
            note(end_of(co_await as_outcome(sleep(1h))));
            co_await sleep(1h);
            note("never");
        };
        note(end_of(co_await as_outcome(with(timeout(1ms), body))));
    });
    EXPECT_EQ(trace(), "cancelled timeout");
}

BEHAVIOUR(B103_a_failing_group_throws_again_in_its_children) {
    run([&]() -> coro<void> {
        const auto child = [this]() -> coro<void> {
            note(end_of(co_await as_outcome(sleep(1h))));
            co_await sleep(1h);
            note("never");
        };
        const auto failing = []() -> coro<void> {
            co_await sleep(1ms);
            throw std::runtime_error("failed");
        };
        const auto body = [&](task_group& tg) -> coro<void> {
            tg.create_task(child());
            tg.create_task(failing());
            co_return;
        };
        note(end_of(co_await as_outcome(with(task_group(), body))));
    });
    EXPECT_EQ(trace(), "cancelled group");
}

BEHAVIOUR(B103_a_cancelled_scope_throws_again_in_the_coroutines_that_gather_runs_inside) {
    run([&]() -> coro<void> {
        const auto stubborn = [this]() -> coro<void> {
            note(end_of(co_await as_outcome(sleep(1h))));
            co_await sleep(1h);
            note("never");
        };
        const auto body = [&]() -> coro<void> { co_await gather(stubborn(), sleep(1h)); };
        note(end_of(co_await as_outcome(with(timeout(1ms), body))));
    });
    EXPECT_EQ(trace(), "cancelled timeout");
}

BEHAVIOUR(B104_a_shield_hides_outer_cancellation_until_it_ends) {
    run([&]() -> coro<void> {
        cancel_scope outer;
        co_await with(outer, [&]() -> coro<void> {
            outer.cancel();
            cancel_scope inner;
            inner.set_shield(true);
            co_await with(inner, [&]() -> coro<void> {
                co_await sleep(1ms);
                note("undisturbed");
            });
            note("after-the-shield");
            co_await sleep(1ms);
            note("never");
        });
        EXPECT_TRUE(outer.cancelled_caught());
    });
    EXPECT_EQ(trace(), "undisturbed after-the-shield");
}

BEHAVIOUR(B104_a_shield_hides_task_cancel_until_it_ends) {
    run([&]() -> coro<void> {
        const auto body = [this]() -> coro<void> {
            cancel_scope shield;
            shield.set_shield(true);
            co_await with(shield, [&]() -> coro<void> {
                co_await sleep(2ms);
                note("undisturbed");
            });
            co_await sleep(1h);
            note("never");
        };
        const task<> t = create_task(body());
        co_await sleep(1ms);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "undisturbed cancelled");
}

BEHAVIOUR(B104_a_shield_of_the_parent_does_not_hide_the_cancel_of_a_child) {
    run([&]() -> coro<void> {
        cancel_scope shield;
        shield.set_shield(true);
        co_await with(shield, [&]() -> coro<void> {
            const auto body = [&](task_group& tg) -> coro<void> {
                const auto child = []() -> coro<void> { co_await sleep(1h); };
                const task<> running = tg.create_task(child());
                co_await yield_now();
                const task<> unstarted = tg.create_task(child());
                running.cancel();
                unstarted.cancel();
                note(end_of(co_await as_outcome(running)));
                note(end_of(co_await as_outcome(unstarted)));
            };
            co_await with(task_group(), body);
        });
    });
    EXPECT_EQ(trace(), "cancelled cancelled");
}

BEHAVIOUR(B105_turning_the_shield_off_inside_throws_at_the_next_await) {
    run([&]() -> coro<void> {
        cancel_scope outer;
        co_await with(outer, [&]() -> coro<void> {
            outer.cancel();
            cancel_scope inner;
            inner.set_shield(true);
            co_await with(inner, [&]() -> coro<void> {
                co_await sleep(1ms);
                note("shielded");
                inner.set_shield(false);
                note("no-more");
                co_await sleep(1ms);
                note("never");
            });
        });
        EXPECT_TRUE(outer.cancelled_caught());
    });
    EXPECT_EQ(trace(), "shielded no-more");
}

BEHAVIOUR(B106_a_scope_that_was_cancelled_before_entry_throws_at_the_first_await_inside) {
    run([&]() -> coro<void> {
        cancel_scope scope;
        scope.cancel();
        co_await with(scope, [&]() -> coro<void> {
            note("first");
            co_await yield_now();
            note("never");
        });
        EXPECT_TRUE(scope.cancelled_caught());
    });
    EXPECT_EQ(trace(), "first");
}

BEHAVIOUR(B107_a_scope_absorbs_only_its_own_cancellation) {
    run([&]() -> coro<void> {
        cancel_scope outer;
        cancel_scope inner;
        co_await with(outer, [&]() -> coro<void> {
            co_await with(inner, [&]() -> coro<void> {
                outer.cancel();
                co_await sleep(1ms);
            });
            note("never");
        });
        EXPECT_FALSE(inner.cancelled_caught());
        EXPECT_TRUE(outer.cancelled_caught());

        cancel_scope own;
        co_await with(own, [&]() -> coro<void> {
            own.cancel();
            co_await sleep(1ms);
        });
        EXPECT_TRUE(own.cancelled_caught());
        note("ended-here");
    });
    EXPECT_EQ(trace(), "ended-here");
}

BEHAVIOUR(B107_a_scope_lets_other_errors_pass) {
    run([&]() -> coro<void> {
        cancel_scope scope;
        const auto body = [&]() -> coro<void> {
            scope.cancel();
            try {
                co_await sleep(1ms);
            } catch (const cancelled_error&) {
                throw std::runtime_error("mine");
            }
        };
        note(end_of(co_await as_outcome(with(scope, body))));
        EXPECT_FALSE(scope.cancelled_caught());
    });
    EXPECT_EQ(trace(), "mine");
}

BEHAVIOUR(B108_leaving_scopes_out_of_order_is_diagnosed) {
    run([&]() -> coro<void> {
        cancel_scope outer;
        cancel_scope inner;
        co_await outer.aenter();
        co_await inner.aenter();
        try {
            outer.aexit(nullptr);
            note("not-noticed");
        } catch (const std::runtime_error& e) {
            EXPECT_THAT(e.what(), ::testing::HasSubstr("out of order"));
        }
        co_await inner.aexit(nullptr);
        co_await outer.aexit(nullptr);
        note("left");
    });
    EXPECT_EQ(trace(), "left");
}

BEHAVIOUR(B109_the_effective_deadline_is_the_earliest_of_the_visible_scopes) {
    run([&]() -> coro<void> {
        const time_point now = get_running_loop().time();
        EXPECT_EQ(current_effective_deadline(), time_point::max());
        cancel_scope outer(now + 1h);
        co_await with(outer, [&]() -> coro<void> {
            cancel_scope inner(now + 2h);
            co_await with(inner, [&]() -> coro<void> {
                EXPECT_EQ(current_effective_deadline(), now + 1h);
                inner.set_shield(true);
                EXPECT_EQ(current_effective_deadline(), now + 2h);
                inner.set_shield(false);
                outer.cancel();
                EXPECT_EQ(current_effective_deadline(), time_point::min());
                co_return;
            });
        });
        note("done");
    });
    EXPECT_EQ(trace(), "done");
}

BEHAVIOUR(B110_cancelled_error_is_no_std_exception) {
    run([&]() -> coro<void> {
        const auto body = [this]() -> coro<void> {
            try {
                co_await sleep(1h);
            } catch (const std::exception&) {
                note("swallowed");
            }
        };
        const task<> t = create_task(body());
        co_await yield_now();
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "cancelled");
}

BEHAVIOUR(B111_an_operation_that_cannot_stop_at_once_resumes_exactly_once) {
    stubborn_operation op;
    run([&]() -> coro<void> {
        const auto body = [&]() -> coro<void> {
            note(std::to_string(co_await op.wait()));
            note(end_of(co_await as_outcome(sleep(1h))));
        };
        const task<> t = create_task(body());
        co_await yield_now();
        t.cancel();
        EXPECT_EQ(op.asked_to_stop, 1);
        co_await yield_now();
        EXPECT_EQ(op.resumed, 0);
        op.complete();
        t.cancel();
        EXPECT_EQ(op.asked_to_stop, 1);
        co_await t;
    });
    EXPECT_EQ(op.resumed, 1);
    EXPECT_EQ(trace(), "4 cancelled");
}

BEHAVIOURS_ON_EVERY_DRIVER;
