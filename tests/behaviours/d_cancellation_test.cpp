// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"

#include <memory>
#include <stdexcept>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of;
using rondo_test::end_of_handle;

BEHAVIOUR(B083_cancel_before_start_never_runs_the_body_and_frees_its_arguments) {
    const auto argument = std::make_shared<int>(1);
    run([&]() -> coro<void> {
        const auto body = [this](std::shared_ptr<int>) -> coro<void> {
            note("body");
            co_return;
        };
        {
            const task<> t = create_task(body(argument));
            EXPECT_EQ(argument.use_count(), 2);
            EXPECT_TRUE(t.cancel());
            note(end_of(co_await as_outcome(t)));
            EXPECT_TRUE(t.cancelled());
        }
        EXPECT_EQ(argument.use_count(), 1);
    });
    EXPECT_EQ(trace(), "cancelled");
    EXPECT_EQ(trace(), twin("cancel_before_start"));
}

BEHAVIOUR(B084_cancel_while_awaiting_a_future_cancels_that_future_first) {
    run([&]() -> coro<void> {
        const future<int> f;
        const auto body = [&]() -> coro<void> {
            try {
                co_await f;
            } catch (const cancelled_error&) {
                note(f.cancelled() ? "future-was-cancelled" : "future-is-pending");
                throw;
            }
        };
        const task<> t = create_task(body());
        co_await yield_now();
        t.cancel();
        EXPECT_TRUE(f.cancelled());
        EXPECT_FALSE(t.done());
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "future-was-cancelled cancelled");
    EXPECT_EQ(trace(), twin("cancel_cancels_the_future"));
}

BEHAVIOUR(B085_cancel_through_a_chain_is_seen_innermost_first) {
    run([&]() -> coro<void> {
        const auto link = [this](auto self, int depth) -> coro<void> {
            try {
                if (depth == 3) {
                    co_await sleep(1h);
                } else {
                    co_await self(self, depth + 1);
                }
            } catch (const cancelled_error&) {
                note("link" + std::to_string(depth));
                throw;
            }
        };
        const task<> t = create_task(link(link, 1));
        co_await yield_now();
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "link3 link2 link1 cancelled");
    EXPECT_EQ(trace(), twin("cancel_through_a_chain"));
}

BEHAVIOUR(B086_cancel_of_a_task_that_awaits_another_cancels_the_inner_too) {
    run([&]() -> coro<void> {
        const auto inner = [this]() -> coro<void> {
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                note("inner");
                throw;
            }
        };
        const task<> awaited = create_task(inner());
        const auto outer = [&]() -> coro<void> {
            try {
                co_await awaited;
            } catch (const cancelled_error&) {
                note("outer");
                throw;
            }
        };
        const task<> t = create_task(outer());
        co_await yield_now();
        t.cancel();
        note(end_of(co_await as_outcome(t)));
        EXPECT_TRUE(awaited.cancelled());
    });
    EXPECT_EQ(trace(), "inner outer cancelled");
    EXPECT_EQ(trace(), twin("cancel_cancels_the_awaited_task"));
}

BEHAVIOUR(B087_cancel_returns_false_on_a_done_task_and_changes_nothing) {
    run([&]() -> coro<void> {
        const auto answer = []() -> coro<int> { co_return 42; };
        const task<int> t = create_task(answer());
        co_await t;
        EXPECT_FALSE(t.cancel());
        EXPECT_FALSE(t.cancelled());
        EXPECT_EQ(t.cancelling(), 0);
        EXPECT_EQ(t.result(), 42);
    });
}

BEHAVIOUR(B088_two_cancels_before_delivery_deliver_one_error_and_count_two) {
    run([&]() -> coro<void> {
        const auto body = [this]() -> coro<void> {
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                note("cancelled");
                note(std::to_string(current_task().cancelling()));
            }
            co_await sleep(1ms);
            note("went-on");
        };
        const task<> t = create_task(body());
        co_await yield_now();
        t.cancel();
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "cancelled 2 went-on value");
    EXPECT_EQ(trace(), twin("two_cancels"));
}

BEHAVIOUR(B089_a_task_may_swallow_the_cancellation_and_return) {
    run([&]() -> coro<void> {
        const auto body = []() -> coro<int> {
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
            }
            co_return 5;
        };
        const task<int> t = create_task(body());
        co_await yield_now();
        t.cancel();
        note(std::to_string(co_await t));
        EXPECT_FALSE(t.cancelled());
    });
    EXPECT_EQ(trace(), "5");
}

BEHAVIOUR(B090_a_task_may_translate_the_cancellation_into_another_error) {
    run([&]() -> coro<void> {
        const auto body = []() -> coro<void> {
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                throw std::runtime_error("translated");
            }
        };
        const task<> t = create_task(body());
        co_await yield_now();
        t.cancel();
        note(end_of(co_await as_outcome(t)));
        EXPECT_FALSE(t.cancelled());
    });
    EXPECT_EQ(trace(), "translated");
}

BEHAVIOUR(B091_self_cancel_then_await_throws_at_that_await) {
    run([&]() -> coro<void> {
        const auto body = [this]() -> coro<void> {
            current_task().cancel();
            note("before");
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                note("at-the-await");
                throw;
            }
        };
        const task<> t = create_task(body());
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "before at-the-await cancelled");
    EXPECT_EQ(trace(), twin("self_cancel_then_await"));
}

BEHAVIOUR(B092_self_cancel_then_return_ends_cancelled) {
    run([&]() -> coro<void> {
        const auto body = [this]() -> coro<int> {
            current_task().cancel();
            note("returns");
            co_return 1;
        };
        const task<int> t = create_task(body());
        note(end_of(co_await as_outcome(t)));
        EXPECT_TRUE(t.cancelled());
    });
    EXPECT_EQ(trace(), "returns cancelled");
    EXPECT_EQ(trace(), twin("self_cancel_then_return"));
}

BEHAVIOUR(B092_a_cancel_by_another_between_wake_up_and_return_leaves_the_value) {
    run([&]() -> coro<void> {
        const future<int> f;
        const auto body = [&]() -> coro<int> { co_return co_await f; };
        const task<int> t = create_task(body());
        co_await yield_now();
        f.set_result(3);
        t.cancel();
        EXPECT_EQ(co_await t, 3);
    });
}

BEHAVIOUR(B093_cancel_during_cleanup_interrupts_the_await_of_the_cleanup) {
    run([&]() -> coro<void> {
        const auto body = [this]() -> coro<void> {
            bool cancelled = false;
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                cancelled = true;
                note("cleanup");
            }
            EXPECT_TRUE(cancelled);
            co_await sleep(1h);
            note("never");
        };
        const task<> t = create_task(body());
        co_await yield_now();
        t.cancel();
        co_await yield_now();
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "cleanup cancelled");
}

BEHAVIOUR(B094_the_last_cancel_message_reaches_the_error) {
    run([&]() -> coro<void> {
        const auto body = [this]() -> coro<void> {
            try {
                co_await sleep(1h);
            } catch (const cancelled_error& e) {
                note(e.message());
                throw;
            }
        };
        const task<> t = create_task(body());
        co_await yield_now();
        t.cancel("first");
        t.cancel("last");
        try {
            co_await t;
        } catch (const cancelled_error& e) {
            note(e.message());
        }
    });
    // asyncio gives the first message here: its second cancel() comes too late for the future.
    EXPECT_EQ(trace(), "last last");
}

BEHAVIOUR(B094_a_cancel_message_before_the_start_reaches_who_awaits) {
    run([&]() -> coro<void> {
        const auto body = []() -> coro<void> { co_return; };
        const task<> t = create_task(body());
        t.cancel("first");
        t.cancel("last");
        try {
            co_await t;
        } catch (const cancelled_error& e) {
            note(e.message());
        }
    });
    EXPECT_EQ(trace(), "last");
    EXPECT_EQ(trace(), twin("cancel_message"));
}

BEHAVIOUR(B095_a_coroutine_that_throws_cancelled_on_its_own_makes_its_task_cancelled) {
    run([&]() -> coro<void> {
        const auto body = []() -> coro<void> {
            throw cancelled_error("on my own");
            co_return;
        };
        const task<> t = create_task(body());
        note(end_of(co_await as_outcome(t)));
        EXPECT_TRUE(t.cancelled());
        EXPECT_EQ(t.cancelling(), 0);
    });
    EXPECT_EQ(trace(), "cancelled");
    EXPECT_EQ(trace(), twin("throws_cancelled"));
}

BEHAVIOUR(B096_uncancel_counts_down_to_zero_and_then_withdraws_what_was_not_delivered) {
    run([&]() -> coro<void> {
        const any_task me = current_task();
        EXPECT_EQ(me.uncancel(), 0);
        me.cancel();
        me.cancel();
        EXPECT_EQ(me.uncancel(), 1);
        EXPECT_EQ(me.uncancel(), 0);
        EXPECT_EQ(me.uncancel(), 0);
        co_await sleep(1ms);
        note("not-cancelled");
    });
    EXPECT_EQ(trace(), "not-cancelled");
}

BEHAVIOUR(B096_uncancel_above_zero_withdraws_nothing) {
    run([&]() -> coro<void> {
        const any_task me = current_task();
        me.cancel();
        me.cancel();
        EXPECT_EQ(me.uncancel(), 1);
        note(end_of(co_await as_outcome(sleep(1ms))));
        me.uncancel();
    });
    EXPECT_EQ(trace(), "cancelled");
}

BEHAVIOUR(B096_so_many_requests_that_they_are_not_counted_any_more_do_not_wrap_round) {
    run([&]() -> coro<void> {
        constexpr int most = 16'383;
        const any_task me = current_task();
        for (int i = 0; i < most + 2; ++i) {
            me.cancel();
        }
        EXPECT_EQ(me.cancelling(), most);
        for (int left = most - 1; left >= 0; --left) {
            EXPECT_EQ(me.uncancel(), left);
        }
        co_await sleep(1ms);  // nothing is left to be delivered
    });
}

BEHAVIOUR(B097_cancelling_counts_requests_only_and_survives_the_delivery) {
    run([&]() -> coro<void> {
        const auto body = [this]() -> coro<void> {
            const any_task me = current_task();
            try {
                co_await with(timeout(1ms), []() -> coro<void> { co_await sleep(1h); });
            } catch (const timeout_error&) {
                note(std::to_string(me.cancelling()));
            }
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                note(std::to_string(me.cancelling()));
            }
            note(std::to_string(me.cancelling()));
        };
        const task<> t = create_task(body());
        co_await sleep(5ms);
        t.cancel();
        co_await t;
        EXPECT_EQ(t.cancelling(), 1);
    });
    EXPECT_EQ(trace(), "0 1 1");
}

BEHAVIOUR(B098_nested_blocks_do_not_hide_a_cancel_from_outside) {
    run([&]() -> coro<void> {
        const auto body = [this]() -> coro<void> {
            try {
                co_await with(timeout(1h), [&]() -> coro<void> {
                    co_await with(timeout(1ms), []() -> coro<void> {
                        try {
                            co_await sleep(1h);
                        } catch (const cancelled_error&) {
                            current_task().cancel();  // as somebody else might, right now
                            throw;
                        }
                    });
                });
            } catch (const cancelled_error&) {
                note("cancelled");
                throw;
            } catch (const timeout_error&) {
                note("timeout");
            }
        };
        const task<> t = create_task(body());
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "cancelled cancelled");
}

BEHAVIOUR(B099_cancel_after_the_awaited_operation_completed_delivers_the_value_first) {
    run([&]() -> coro<void> {
        const future<int> f;
        const auto body = [&]() -> coro<void> {
            note(std::to_string(co_await f));
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                note("at-the-next-await");
                throw;
            }
        };
        const task<> t = create_task(body());
        co_await yield_now();
        f.set_result(7);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "7 at-the-next-await cancelled");
}

BEHAVIOUR(B099_the_same_when_the_operation_is_another_task) {
    run([&]() -> coro<void> {
        const future<int> f;
        const auto inner = [&]() -> coro<int> { co_return co_await f; };
        const auto body = [&]() -> coro<void> {
            note(std::to_string(co_await create_task(inner())));
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                note("at-the-next-await");
                throw;
            }
        };
        const task<> t = create_task(body());
        co_await sleep(1ms);
        f.set_result(7);
        t.cancel();  // goes to the inner task, which has its value and ends with it
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "7 at-the-next-await cancelled");
}

BEHAVIOUR(B100_a_cancelled_sleep_leaves_no_timer) {
    run([&]() -> coro<void> {
        auto& timers = core_of(get_running_loop()).timers();
        const std::size_t before = timers.size();
        const auto body = []() -> coro<void> { co_await sleep(1h); };
        const task<> t = create_task(body());
        co_await yield_now();
        EXPECT_EQ(timers.size(), before + 1);
        t.cancel();
        EXPECT_EQ(timers.size(), before);
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "cancelled");
}

BEHAVIOURS_ON_EVERY_DRIVER;
