// SPDX-License-Identifier: MIT
#include "behaviour.hpp"

#include <memory>
#include <stdexcept>
#include <string>

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

namespace {

/// The message of the cancelled_error that `f` throws; what else it does as words.
template <class F>
std::string message_of_cancellation(F&& f) {
    try {
        f();
    } catch (const cancelled_error& error) {
        return error.message();
    } catch (...) {
        return "(another error)";
    }
    return "(no error)";
}

}  // namespace

BEHAVIOUR(B040_a_future_is_pending_at_first_and_has_no_result_or_exception) {
    run([&]() -> coro<void> {
        const future<int> f;
        EXPECT_FALSE(f.done());
        EXPECT_FALSE(f.cancelled());
        EXPECT_THROW(f.result(), invalid_state_error);
        EXPECT_THROW(f.exception(), invalid_state_error);
        co_return;
    });
}

BEHAVIOUR(B041_a_result_or_exception_is_set_once_and_a_second_call_fails) {
    run([&]() -> coro<void> {
        const future<int> value;
        value.set_result(1);
        EXPECT_THROW(value.set_result(2), invalid_state_error);
        EXPECT_THROW(value.set_exception(std::domain_error("late")), invalid_state_error);
        EXPECT_EQ(value.result(), 1);
        EXPECT_EQ(value.exception(), nullptr);

        const future<int> error;
        error.set_exception(std::domain_error("first"));
        EXPECT_THROW(error.set_result(2), invalid_state_error);
        EXPECT_THROW(error.set_exception(std::logic_error("late")), invalid_state_error);
        EXPECT_THROW(error.result(), std::domain_error);

        const future<int> cancelled;
        cancelled.cancel();
        EXPECT_THROW(cancelled.set_result(2), invalid_state_error);
        co_return;
    });
}

BEHAVIOUR(B042_cancel_makes_a_pending_future_cancelled_at_once_and_is_false_when_done) {
    run([&]() -> coro<void> {
        const future<int> pending;
        EXPECT_TRUE(pending.cancel());
        EXPECT_TRUE(pending.done());
        EXPECT_TRUE(pending.cancelled());
        EXPECT_FALSE(pending.cancel());

        const future<int> done;
        done.set_result(1);
        EXPECT_FALSE(done.cancel());
        EXPECT_FALSE(done.cancelled());
        EXPECT_EQ(done.result(), 1);
        co_return;
    });
}

BEHAVIOUR(B043_the_result_of_a_cancelled_future_throws_cancelled_with_the_message) {
    run([&]() -> coro<void> {
        const future<int> with_reason;
        with_reason.cancel("not needed any more");
        EXPECT_EQ(message_of_cancellation([&] { with_reason.result(); }), "not needed any more");
        EXPECT_EQ(message_of_cancellation([&] { with_reason.exception(); }), "not needed any more");
        const future<int> without;
        without.cancel();
        EXPECT_EQ(message_of_cancellation([&] { without.result(); }), "");
        co_return;
    });
}

BEHAVIOUR(B044_callbacks_are_queued_and_never_called_inside_set_result) {
    run([&]() -> coro<void> {
        const future<int> f;
        f.add_done_callback([&] { note("callback"); });
        get_running_loop().call_soon([&] { note("queued_before"); });
        f.set_result(1);
        note("set");
        co_await yield_now();
        note("later");
    });
    EXPECT_EQ(trace(), "set queued_before callback later");
    EXPECT_EQ(trace(), twin("callbacks_are_queued"));
}

BEHAVIOUR(B045_callbacks_run_in_the_order_of_registration_with_the_future_as_argument) {
    run([&]() -> coro<void> {
        const future<int> f;
        for (const char* name : {"a", "b", "c"}) {
            f.add_done_callback([&, name](const future<int>& done) {
                EXPECT_EQ(done, f);
                note(name + std::to_string(done.result()));
            });
        }
        f.set_result(7);
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "a7 b7 c7");
    EXPECT_EQ(trace(), twin("callbacks_in_order"));
}

BEHAVIOUR(B046_a_callback_that_is_added_after_completion_is_queued) {
    run([&]() -> coro<void> {
        const future<int> f;
        f.set_result(1);
        f.add_done_callback([&] { note("callback"); });
        note("added");
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "added callback");
}

namespace {

int counted_calls = 0;
void count_call(future<int>) { ++counted_calls; }
void count_call_too(future<int>) { ++counted_calls; }

}  // namespace

BEHAVIOUR(B047_remove_done_callback_removes_all_equal_ones_and_returns_the_count) {
    run([&]() -> coro<void> {
        counted_calls = 0;
        const future<int> f;
        f.add_done_callback(count_call);
        f.add_done_callback(count_call_too);
        f.add_done_callback(count_call);
        const auto id = f.add_done_callback([&] { note("never"); });
        EXPECT_EQ(f.remove_done_callback(count_call), 2u);
        EXPECT_EQ(f.remove_done_callback(count_call), 0u);
        EXPECT_EQ(f.remove_done_callback(id), 1u);
        EXPECT_EQ(f.remove_done_callback(id), 0u);
        f.set_result(1);
        co_await yield_now();
        EXPECT_EQ(counted_calls, 1) << "the other function stays";
    });
    EXPECT_EQ(trace(), "");
}

BEHAVIOUR(B048_mutating_the_callbacks_during_completion_is_safe) {
    run([&]() -> coro<void> {
        const future<int> f;
        std::uintptr_t ids[3] = {};
        const auto mutate = [&](const char* name) {
            note(name);
            // They are queued already, so none of them can be taken back.
            for (const auto id : ids) {
                EXPECT_EQ(f.remove_done_callback(id), 0u);
            }
            f.add_done_callback([&, name] { note(name + std::string("2")); });
        };
        ids[0] = f.add_done_callback([&] { mutate("a"); });
        ids[1] = f.add_done_callback([&] { mutate("b"); });
        ids[2] = f.add_done_callback([&] { mutate("c"); });
        f.set_result(1);
        co_await yield_now();
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "a b c a2 b2 c2");
}

BEHAVIOUR(B048_what_a_removed_callback_owned_may_remove_others) {
    run([&]() -> coro<void> {
        const future<int> f;
        std::uintptr_t next = 0;
        const auto first =
            f.add_done_callback([&, owned = std::shared_ptr<void>(nullptr, [&](void*) {
                                        EXPECT_EQ(f.remove_done_callback(next), 1u);
                                    })] { note("first"); });
        next = f.add_done_callback([&] { note("next"); });
        f.add_done_callback([&] { note("last"); });
        EXPECT_EQ(f.remove_done_callback(first), 1u);
        f.set_result(1);
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "last");
}

BEHAVIOUR(B049_a_callback_runs_in_the_context_of_its_registration) {
    static context_var<int> number{"number", 0};
    run([&]() -> coro<void> {
        const future<int> f;
        number.set(1);
        f.add_done_callback([&] { note(std::to_string(number.get())); });
        number.set(2);
        f.add_done_callback([&] { note(std::to_string(number.get())); });
        number.set(3);
        f.set_result(1);
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "1 2");
}

BEHAVIOUR(B050_an_await_of_a_done_future_does_not_suspend) {
    run([&]() -> coro<void> {
        const future<int> f;
        f.set_result(1);
        get_running_loop().call_soon([&] { note("others"); });
        EXPECT_EQ(co_await f, 1);
        note("awaited");
        co_await yield_now();
    });
    EXPECT_EQ(trace(), "awaited others");
    EXPECT_EQ(trace(), twin("await_of_a_done_future"));
}

BEHAVIOUR(B051_tasks_that_await_one_future_all_wake_in_the_order_of_their_awaits) {
    run([&]() -> coro<void> {
        const future<int> f;
        const auto waits = [&](std::string name, int yields) -> coro<void> {
            while (yields-- > 0) {
                co_await yield_now();
            }
            note(name + std::to_string(co_await f));
        };
        const task<void> c = create_task(waits, "c", 2);
        const task<void> a = create_task(waits, "a", 0);
        const task<void> b = create_task(waits, "b", 1);
        for (int turns = 0; turns < 4; ++turns) {
            co_await yield_now();
        }
        f.set_result(5);
        co_await c;
    });
    EXPECT_EQ(trace(), "a5 b5 c5");
    EXPECT_EQ(trace(), twin("many_await_one_future"));
}

BEHAVIOUR(B052_awaiting_a_future_of_another_loop_is_an_error_inside_the_task) {
    const auto other = make_loop();
    const future<int> foreign = other->create_future<int>();
    run([&]() -> coro<void> {
        try {
            co_await foreign;
            ADD_FAILURE() << "it was awaited";
        } catch (const std::runtime_error& error) {
            EXPECT_THAT(error.what(), HasSubstr("another event loop"));
            note("refused");
        }
        co_await yield_now();
        note("goes_on");
    });
    EXPECT_EQ(trace(), "refused goes_on");
    EXPECT_FALSE(foreign.done());
}

BEHAVIOUR(B053_an_exception_that_nobody_read_is_reported_once_when_the_last_handle_goes) {
    run([&]() -> coro<void> {
        get_running_loop().set_exception_handler(
            [&](event_loop&, const exception_context& context) {
                EXPECT_EQ(context.message, "future exception was never retrieved");
                EXPECT_THROW(std::rethrow_exception(context.exception), std::domain_error);
                note("reported");
            });
        {
            future<int> f;
            const future<int> copy = f;
            f.set_exception(std::domain_error("unread"));
            f = future<int>();
            note("one_left");
        }
        note("none_left");
        co_return;
    });
    EXPECT_EQ(trace(), "one_left reported none_left");
}

BEHAVIOUR(B053_reading_or_cancelling_prevents_the_report) {
    run([&]() -> coro<void> {
        get_running_loop().set_exception_handler(
            [&](event_loop&, const exception_context& context) { note(context.message); });
        const auto failed = [] {
            future<int> f;
            f.set_exception(std::domain_error("read"));
            return f;
        };
        EXPECT_THROW(failed().result(), std::domain_error);
        EXPECT_NE(failed().exception(), nullptr);
        EXPECT_FALSE(failed().cancel());
        const future<int> awaited = failed();
        EXPECT_THROW(co_await awaited, std::domain_error);

        const auto fails = []() -> coro<void> {
            co_await yield_now();
            throw std::domain_error("of a task");
        };
        const task<void> cancelled_late = create_task(fails());
        co_await sleep(1ms);
        EXPECT_FALSE(cancelled_late.cancel());
    });
    EXPECT_EQ(trace(), "");
}

BEHAVIOUR(B053_without_a_loop_the_report_goes_to_stderr) {
    ::testing::internal::CaptureStderr();
    {
        const future<int> outside;
        outside.set_exception(std::domain_error("nobody listens"));
    }
    {
        const auto of_a_loop = [&] { return make_loop()->create_future<int>(); };
        const future<int> outlives = of_a_loop();
        outlives.set_exception(std::domain_error("the loop is gone"));
    }
    const std::string said = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(said, HasSubstr("future exception was never retrieved: std::domain_error: nobody"));
    EXPECT_THAT(said, HasSubstr("the loop is gone"));
}

BEHAVIOUR(B054_one_exception_object_can_be_rethrown_to_several_awaiters) {
    run([&]() -> coro<void> {
        const future<int> f;
        const void* first_object = nullptr;
        const auto waits = [&]() -> coro<void> {
            try {
                co_await f;
            } catch (const std::domain_error& error) {
                note(error.what());
                if (first_object == nullptr) {
                    first_object = &error;
                }
                EXPECT_EQ(first_object, &error);
            }
        };
        const task<void> a = create_task(waits());
        const task<void> b = create_task(waits());
        co_await yield_now();
        f.set_exception(std::domain_error("shared"));
        co_await a;
        co_await b;
        co_await waits();
    });
    EXPECT_EQ(trace(), "shared shared shared");
}

BEHAVIOUR(B057_set_result_unless_cancelled_does_nothing_to_a_cancelled_future) {
    run([&]() -> coro<void> {
        const future<int> cancelled;
        cancelled.cancel("first");
        EXPECT_FALSE(cancelled.set_result_unless_cancelled(1));
        EXPECT_TRUE(cancelled.cancelled());

        const future<int> pending;
        EXPECT_TRUE(pending.set_result_unless_cancelled(2));
        EXPECT_EQ(pending.result(), 2);
        EXPECT_THROW(pending.set_result_unless_cancelled(3), invalid_state_error);

        const future<void> nothing;
        EXPECT_TRUE(nothing.set_result_unless_cancelled());
        EXPECT_TRUE(nothing.done());
        co_return;
    });
}
