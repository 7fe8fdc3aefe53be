// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"

#include <memory>
#include <stdexcept>
#include <string>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of;

namespace {

coro<int> after(std::chrono::milliseconds delay, int value) {
    co_await sleep(delay);
    co_return value;
}

coro<int> fails() {
    co_await yield_now();
    throw std::runtime_error("bad");
}

}  // namespace

BEHAVIOUR(B153_wait_for_returns_the_value_or_rethrows_the_error) {
    run([&]() -> coro<void> {
        note(std::to_string(co_await wait_for(after(1ms, 4), 1h)));
        note(end_of(co_await as_outcome(wait_for(fails(), 1h))));
        co_await wait_for(sleep(1ms), 1h);
    });
    EXPECT_EQ(trace(), "4 bad");
    EXPECT_EQ(trace(), twin("wait_for"));
}

BEHAVIOUR(B153_wait_for_leaves_the_result_in_the_task_for_others) {
    run([&]() -> coro<void> {
        const auto body = []() -> coro<std::string> { co_return std::string(100, 'x'); };
        const task<std::string> t = create_task(body());
        EXPECT_EQ((co_await wait_for(t, 1h)).size(), 100u);
        EXPECT_EQ(t.result().size(), 100u);
        const auto unique = []() -> coro<std::unique_ptr<int>> {
            co_return std::make_unique<int>(5);
        };
        const auto moved = co_await wait_for(create_task(unique()), 1h);
        EXPECT_EQ(*moved, 5);
    });
}

/// A result that can be moved, but not copied without an error.
struct uncopied {
    uncopied() = default;
    uncopied(uncopied&&) noexcept = default;
    uncopied(const uncopied&) { throw std::runtime_error("no copy"); }
};

BEHAVIOUR(B153_an_error_while_the_result_is_copied_is_an_error_like_any_other) {
    run([&]() -> coro<void> {
        const auto body = []() -> coro<uncopied> { co_return uncopied(); };
        const task<uncopied> t = create_task(body());
        note(end_of(co_await as_outcome(wait_for(t, 1h))));
        EXPECT_EQ(current_effective_deadline(), time_point::max());
    });
    EXPECT_EQ(trace(), "no copy");
}

BEHAVIOUR(B153_a_wait_for_that_cannot_begin_leaves_its_scope) {
    const auto other = make_loop();
    const future<int> foreign = other->create_future<int>();
    run([&]() -> coro<void> {
        auto waiting = wait_for(foreign, 1h);
        EXPECT_THROW(co_await waiting, std::runtime_error);
        EXPECT_EQ(current_effective_deadline(), time_point::max());
    });
}

BEHAVIOUR(B154_a_wait_for_that_times_out_waits_for_the_cancelled_inner) {
    run([&]() -> coro<void> {
        const auto inner = [this]() -> coro<void> {
            co_await finally_([]() -> coro<void> { co_await sleep(1h); },
                              [this]() -> coro<void> {
                                  co_await sleep(2ms);
                                  note("cleaned-up");
                              });
        };
        note(end_of(co_await as_outcome(wait_for(inner(), 1ms))));
        const task<> t = create_task(inner());
        note(end_of(co_await as_outcome(wait_for(t, 1ms))));
    });
    EXPECT_EQ(trace(), "cleaned-up timeout cleaned-up timeout");
}

BEHAVIOUR(B155_an_inner_that_swallows_the_cancellation_and_returns_gives_its_value) {
    run([&]() -> coro<void> {
        const auto inner = []() -> coro<int> {
            const auto end = co_await as_outcome(sleep(1h));
            co_return end.has_value() ? 0 : 8;
        };
        note(std::to_string(co_await wait_for(inner(), 1ms)));
        note(std::to_string(co_await wait_for(create_task(inner()), 1ms)));
    });
    EXPECT_EQ(trace(), "8 8");
    EXPECT_EQ(trace(), twin("wait_for_swallowed"));
}

BEHAVIOUR(B156_an_inner_that_fails_during_the_cancellation_gives_that_error) {
    run([&]() -> coro<void> {
        const auto inner = []() -> coro<void> {
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                throw std::runtime_error("mine");
            }
        };
        note(end_of(co_await as_outcome(wait_for(inner(), 1ms))));
        note(end_of(co_await as_outcome(wait_for(create_task(inner()), 1ms))));
    });
    EXPECT_EQ(trace(), "mine mine");
    EXPECT_EQ(trace(), twin("wait_for_inner_raises"));
}

BEHAVIOUR(B157_wait_for_zero_or_less_never_starts_a_coroutine) {
    run([&]() -> coro<void> {
        const auto inner = [this]() -> coro<void> {
            note("started");
            co_return;
        };
        note(end_of(co_await as_outcome(wait_for(inner(), 0s))));
        note(end_of(co_await as_outcome(wait_for(inner(), -1s))));
    });
    EXPECT_EQ(trace(), "timeout timeout");
    EXPECT_EQ(trace(), twin("wait_for_zero"));
}

BEHAVIOUR(B157_wait_for_zero_gives_the_result_of_what_is_done_and_cancels_what_is_not) {
    run([&]() -> coro<void> {
        const future<int> done;
        done.set_result(3);
        note(std::to_string(co_await wait_for(done, 0s)));
        const task<int> pending = create_task(after(1h, 1));
        co_await yield_now();
        note(end_of(co_await as_outcome(wait_for(pending, 0s))));
        EXPECT_TRUE(pending.cancelled());
    });
    EXPECT_EQ(trace(), "3 timeout");
}

BEHAVIOUR(B158_wait_for_without_a_limit_waits) {
    run([&]() -> coro<void> {
        note(std::to_string(co_await wait_for(after(2ms, 1), std::nullopt)));
    });
    EXPECT_EQ(trace(), "1");
}

BEHAVIOUR(B159_cancelling_wait_for_cancels_the_inner_and_propagates) {
    run([&]() -> coro<void> {
        const task<int> inner = create_task(after(1h, 1));
        const auto outer = [&]() -> coro<void> { co_await wait_for(inner, 1h); };
        const task<> t = create_task(outer());
        co_await yield_now();
        t.cancel();
        note(end_of(co_await as_outcome(t)));
        EXPECT_TRUE(inner.cancelled());
    });
    EXPECT_EQ(trace(), "cancelled");
    EXPECT_EQ(trace(), twin("wait_for_cancelled"));
}

BEHAVIOUR(B160_a_cancel_in_the_pass_in_which_the_inner_completes_is_not_lost) {
    run([&]() -> coro<void> {
        const future<int> f;
        const auto outer = [&]() -> coro<void> {
            note(std::to_string(co_await wait_for(f, 1h)));
            co_await sleep(1h);
            note("never");
        };
        const task<> t = create_task(outer());
        co_await yield_now();
        f.set_result(2);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "2 cancelled");
}

BEHAVIOUR(B160_nor_when_the_inner_is_a_task_or_several) {
    run([&]() -> coro<void> {
        const future<int> f;
        const auto passes = [&]() -> coro<int> { co_return co_await f; };
        const auto outer = [&]() -> coro<void> {
            const auto [a, b] = co_await gather(passes(), wait_for(create_task(passes()), 1h));
            note(std::to_string(a + b));
            co_await sleep(1h);
            note("never");
        };
        const task<> t = create_task(outer());
        co_await sleep(1ms);
        f.set_result(2);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
    });
    EXPECT_EQ(trace(), "4 cancelled");
}

BEHAVIOUR(B161_a_shielded_inner_survives_a_wait_for_timeout) {
    run([&]() -> coro<void> {
        const future<int> gate;
        const auto passes = [&]() -> coro<int> { co_return co_await gate; };
        const task<int> inner = create_task(passes());
        note(end_of(co_await as_outcome(wait_for(shield(inner), 1ms))));
        EXPECT_EQ(inner.cancelling(), 0);
        gate.set_result(9);
        note(std::to_string(co_await inner));
    });
    EXPECT_EQ(trace(), "timeout 9");
    EXPECT_EQ(trace(), twin("wait_for_shield"));
}

BEHAVIOUR(B162_move_on_after_throws_nothing_and_tells_whether_it_finished) {
    run([&]() -> coro<void> {
        const bool late = co_await move_on_after(1ms, [&]() -> coro<void> {
            co_await sleep(1h);
            note("never");
        });
        EXPECT_FALSE(late);
        const bool in_time =
            co_await move_on_after(1h, []() -> coro<void> { co_await sleep(1ms); });
        EXPECT_TRUE(in_time);

        cancel_scope scope(get_running_loop().time() + 1ms);
        co_await with(scope, []() -> coro<void> { co_await sleep(1h); });
        EXPECT_TRUE(scope.cancelled_caught());
    });
    EXPECT_EQ(trace(), "");
}

BEHAVIOUR(B163_fail_after_throws_if_and_only_if_its_scope_caught_its_own_cancellation) {
    run([&]() -> coro<void> {
        const auto endless = []() -> coro<void> { co_await sleep(1h); };
        note(end_of(co_await as_outcome(fail_after(1ms, endless))));
        const auto swallows = [this]() -> coro<int> {
            note(end_of(co_await as_outcome(sleep(1h))));
            co_return 1;
        };
        note(std::to_string(co_await fail_after(1ms, swallows)));
        const auto raises = []() -> coro<void> {
            try {
                co_await sleep(1h);
            } catch (const cancelled_error&) {
                throw std::runtime_error("mine");
            }
        };
        note(end_of(co_await as_outcome(fail_after(1ms, raises))));
    });
    EXPECT_EQ(trace(), "timeout cancelled 1 mine");
}

BEHAVIOUR(wait_for_zero_gives_the_result_of_what_is_done_also_through_a_shield) {
    run([&]() -> coro<void> {
        const auto body = []() -> coro<int> { co_return 42; };
        const task<int> done = create_task(body());
        co_await done;
        const future<int> plain;
        note(std::to_string(co_await wait_for(done, 0s)));
        note(std::to_string(co_await wait_for(shield(done), 0s)));
        note(end_of(co_await as_outcome(wait_for(shield(plain), 0s))));
        EXPECT_FALSE(plain.done());
        plain.set_result(3);
        note(std::to_string(co_await wait_for(shield(plain), -1s)));
        // What counts is the moment of the await.
        const task<int> later = create_task(body());
        auto waiting = wait_for(shield(later), 0s);
        co_await later;
        note(std::to_string(co_await waiting));
    });
    EXPECT_EQ(trace(), "42 42 timeout 3 42");
}

BEHAVIOUR(wait_for_zero_lets_others_run_before_it_throws) {
    run([&]() -> coro<void> {
        queue<int> items;
        const auto produces = [&]() -> coro<void> {
            for (int i = 1; i <= 2; ++i) {
                co_await yield_now();
                items.put_nowait(i);
            }
        };
        const task<> producer = create_task(produces());
        while (!producer.done()) {  // a poller does not keep the loop
            const auto end = co_await as_outcome(wait_for(items.get(), 0s));
            EXPECT_EQ(end_of(end), "timeout");
        }
        EXPECT_EQ(items.qsize(), 2u);
    });
}

BEHAVIOUR(wait_for_zero_does_not_turn_a_pending_cancellation_into_a_timeout) {
    run([&]() -> coro<void> {
        const task<int> pending = create_task(after(1h, 1));
        const auto polls = [&](auto make) -> coro<void> {
            current_task().cancel();
            co_await wait_for(make(), 0s);
        };
        note(end_of(co_await as_outcome(create_task(polls([] { return after(1h, 1); })))));
        note(end_of(co_await as_outcome(create_task(polls([] { return sleep(1h); })))));
        note(end_of(co_await as_outcome(create_task(polls([&] { return pending; })))));
        note(end_of(co_await as_outcome(create_task(polls([] { return future<int>(); })))));
        cancel_scope scope;
        scope.cancel();
        co_await with(scope, [&]() -> coro<void> {
            note(end_of(co_await as_outcome(wait_for(sleep(1h), 0s))));
            note(end_of(co_await as_outcome(wait_for(future<int>(), 0s))));
        });
    });
    EXPECT_EQ(trace(), "cancelled cancelled cancelled cancelled cancelled cancelled");
}

BEHAVIOUR(a_poller_with_zero_limits_can_be_cancelled) {
    run([&]() -> coro<void> {
        queue<int> items;
        const auto polls = [&]() -> coro<void> {
            for (;;) {
                const auto end = co_await as_outcome(wait_for(items.get(), 0s));
                if (end_of(end) != "timeout") {
                    note(end_of(end));
                    co_return;
                }
            }
        };
        const task<> t = create_task(polls());
        co_await yield_now();
        co_await yield_now();
        t.cancel();
        co_await t;
    });
    EXPECT_EQ(trace(), "cancelled");
}

BEHAVIOURS_ON_EVERY_DRIVER;
