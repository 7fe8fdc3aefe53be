// SPDX-License-Identifier: MIT
// A loop that closes while tasks of it wait: nobody wakes them any more, nobody counts them, and
// what they held or were given is free again, whoever still has a handle.
#include "driver_name.hpp"
#include <rondo/rondo.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

/// The body of a test runs for each driver.
class closed_loop : public ::testing::TestWithParam<driver_kind> {
protected:
    closed_loop() : loop_(std::make_unique<event_loop>(GetParam())) {
        loop_->set_exception_handler(
            [this](event_loop&, const exception_context&) { ++reported_; });
    }

    /// Runs main_body() and closes the loop, which goes.
    template <class F>
    void run_and_close(F main_body) {
        loop_->run_until_complete(main_body());
        loop_->close();
        loop_.reset();
    }

    std::unique_ptr<event_loop> loop_;
    int reported_ = 0;
};

struct sets {
    explicit sets(bool& it) : it_(&it) {}
    sets(sets&& other) noexcept : it_(std::exchange(other.it_, nullptr)) {}
    sets& operator=(sets&&) = delete;
    ~sets() {
        if (it_ != nullptr) {
            *it_ = true;
        }
    }
    bool* it_;
};

coro<void> waits_for(future<int>& f) { co_await f; }
coro<void> gets(threadsafe_queue<int>& q) { co_await q.get(); }
coro<void> holds(lock& l, bool& destroyed) {
    const sets when_destroyed(destroyed);
    auto guard = co_await l.scoped();
    co_await sleep_forever();
}
coro<void> acquires(lock& l) { auto guard = co_await l.scoped(); }
coro<void> acquires(semaphore& s) { auto permit = co_await s.scoped(); }
coro<void> acquires(capacity_limiter& c) { co_await c.acquire(); }
coro<void> waits_in(condition& c) {
    auto guard = co_await c.scoped();
    co_await c.wait();
}
coro<void> waits_at(barrier& b) { co_await b.wait(); }
coro<void> waits_in_scope(cancel_scope& s) {
    const auto body = []() -> coro<void> { co_await sleep_forever(); };
    co_await with(s, body);
}
coro<void> awaits(coro<void>& other) { co_await other; }

}  // namespace

INSTANTIATE_TEST_SUITE_P(, closed_loop,
                         ::testing::Values(driver_kind::epoll, driver_kind::io_uring),
                         rondo_test::driver_name);

TEST_P(closed_loop, destroys_the_coroutine_of_a_task_that_a_handle_keeps) {
    lock l;
    bool destroyed = false;
    task<> kept;
    run_and_close([&]() -> coro<void> {
        kept = create_task(holds(l, destroyed));
        co_await yield_now();
        EXPECT_TRUE(l.locked());
    });
    EXPECT_TRUE(destroyed);
    EXPECT_FALSE(l.locked());
    EXPECT_EQ(reported_, 1);
    EXPECT_TRUE(kept.done());
    EXPECT_TRUE(kept.cancelled());
    EXPECT_FALSE(kept.cancel());
    EXPECT_THROW(kept.result(), cancelled_error);
    EXPECT_THROW(kept.exception(), cancelled_error);
    EXPECT_THROW(kept.add_done_callback([] {}), std::runtime_error);
    EXPECT_TRUE(kept.get_stack().empty());
    EXPECT_EQ(kept.name(), "Task-2");
}

TEST_P(closed_loop, a_task_that_it_left_is_over_for_another_loop) {
    task<> kept;
    run_and_close([&]() -> coro<void> {
        const auto body = []() -> coro<void> { co_await sleep_forever(); };
        kept = create_task(body());
        co_await yield_now();
    });
    const auto in_another = [&]() -> coro<bool> {
        const auto ended = co_await as_outcome(kept);
        co_return ended.has_value();
    };
    EXPECT_FALSE(run(in_another()));
}

TEST_P(closed_loop, a_future_wakes_nobody_of_it) {
    std::optional<future<int>> f;
    std::vector<any_task> kept;
    run_and_close([&]() -> coro<void> {
        f.emplace();
        kept.push_back(create_task(waits_for(*f)));
        kept.push_back(create_task(waits_for(*f)));
        co_await yield_now();
    });
    f->set_result(1);
    EXPECT_EQ(f->result(), 1);
}

TEST_P(closed_loop, a_future_wakes_no_coroutine_that_a_task_of_it_awaited_by_name) {
    std::optional<future<int>> f;
    std::optional<coro<void>> inner;
    run_and_close([&]() -> coro<void> {
        f.emplace();
        inner.emplace(waits_for(*f));
        std::ignore = create_task(awaits(*inner));
        co_await yield_now();
    });
    f->set_result(1);
    EXPECT_TRUE(inner->done());
}

TEST_P(closed_loop, an_item_for_a_dead_task_stays_in_the_queue) {
    threadsafe_queue<int> between;
    queue<int> within;
    std::vector<any_task> kept;
    run_and_close([&]() -> coro<void> {
        kept.push_back(create_task(gets(between)));
        const auto get = [](queue<int>& q) -> coro<void> { co_await q.get(); };
        kept.push_back(create_task(get(within)));
        kept.push_back(create_task(get(within)));
        co_await yield_now();
        get_running_loop().stop();
        within.put_nowait(1);  // given to the first, which will not run
    });
    between.put_nowait(1);
    EXPECT_EQ(between.qsize(), 1u);
    within.put_nowait(2);
    EXPECT_EQ(within.qsize(), 2u);
    EXPECT_EQ(within.get_nowait(), 1);
}

TEST_P(closed_loop, what_was_given_to_a_task_that_never_ran_again_is_given_back) {
    lock l;
    semaphore s(1);
    bounded_semaphore b(1);
    capacity_limiter c(1);
    std::vector<any_task> kept;
    run_and_close([&]() -> coro<void> {
        co_await l.acquire();
        co_await s.acquire();
        co_await b.acquire();
        co_await c.acquire();
        for (int i = 0; i < 2; ++i) {
            kept.push_back(create_task(acquires(l)));
            kept.push_back(create_task(acquires(s)));
            std::ignore = create_task(acquires(b));
            std::ignore = create_task(acquires(c));
        }
        co_await yield_now();
        get_running_loop().stop();  // so that whoever is served now does not run
        l.release();
        s.release();
        b.release();
        c.release();
    });
    EXPECT_FALSE(l.locked());
    EXPECT_FALSE(s.locked());
    EXPECT_FALSE(b.locked());
    EXPECT_EQ(c.available_tokens(), 1u);
    EXPECT_EQ(c.tasks_waiting(), 0u);
    EXPECT_THROW(l.release(), std::runtime_error);
    EXPECT_THROW(b.release(), std::invalid_argument);
}

TEST_P(closed_loop, a_lock_that_was_held_and_waited_for_serves_the_next_one) {
    lock l;
    bool destroyed = false;
    run_and_close([&]() -> coro<void> {
        std::ignore = create_task(holds(l, destroyed));
        std::ignore = create_task(acquires(l));
        std::ignore = create_task(acquires(l));
        co_await yield_now();
        co_await yield_now();
    });
    EXPECT_EQ(reported_, 3);
    EXPECT_FALSE(l.locked());
    run(acquires(l));
}

TEST_P(closed_loop, a_lock_held_by_with_is_released) {
    lock l;
    semaphore s(1);
    capacity_limiter c(1);
    any_task kept;
    run_and_close([&]() -> coro<void> {
        const auto forever = []() -> coro<void> { co_await sleep_forever(); };
        const auto in_limiter = [&]() -> coro<void> { co_await with(c, forever); };
        const auto in_semaphore = [&]() -> coro<void> { co_await with(s, in_limiter); };
        const auto in_lock = [&]() -> coro<void> { co_await with(l, in_semaphore); };
        kept = create_task(in_lock());
        co_await yield_now();
        EXPECT_EQ(c.available_tokens(), 0u);
    });
    EXPECT_FALSE(l.locked());
    EXPECT_FALSE(s.locked());
    EXPECT_EQ(c.available_tokens(), 1u);
}

TEST_P(closed_loop, tasks_that_wait_in_a_condition_leave_its_lock_free) {
    condition c;
    std::vector<any_task> kept;
    run_and_close([&]() -> coro<void> {
        for (int i = 0; i < 3; ++i) {
            kept.push_back(create_task(waits_in(c)));
        }
        co_await yield_now();
        auto guard = co_await c.scoped();
        c.notify(2);
        kept[0].cancel();
        co_await yield_now();
    });
    EXPECT_FALSE(c.locked());
    const auto uses = [&]() -> coro<void> {
        co_await c.acquire();
        c.release();
    };
    run(uses());
    EXPECT_THROW(c.release(), std::runtime_error);
}

TEST_P(closed_loop, tasks_that_hold_a_lock_or_wait_in_its_condition_end_in_any_order) {
    for (const bool holder_first : {true, false}) {
        auto loop = std::make_unique<event_loop>(GetParam());
        loop->set_exception_handler([](event_loop&, const exception_context&) {});
        lock l;
        condition c(l);
        bool destroyed = false;
        const auto main_body = [&]() -> coro<void> {
            if (!holder_first) {
                std::ignore = create_task(waits_in(c));
                co_await yield_now();
            }
            std::ignore = create_task(holds(l, destroyed));
            co_await yield_now();
            if (holder_first) {
                std::ignore = create_task(waits_in(c));
                co_await yield_now();
            }
        };
        loop->run_until_complete(main_body());
        loop->close();
        EXPECT_FALSE(l.locked());
    }
}

TEST_P(closed_loop, a_barrier_counts_nobody_of_it) {
    barrier b(2);
    any_task kept;
    run_and_close([&]() -> coro<void> {
        kept = create_task(waits_at(b));
        co_await yield_now();
        EXPECT_EQ(b.n_waiting(), 1u);
    });
    EXPECT_EQ(b.n_waiting(), 0u);
}

TEST_P(closed_loop, a_scope_outside_lets_go_of_its_task) {
    cancel_scope plain;
    cancel_scope with_deadline;
    std::vector<any_task> kept;
    run_and_close([&]() -> coro<void> {
        with_deadline.set_deadline(get_running_loop().time() + 1h);
        kept.push_back(create_task(waits_in_scope(plain)));
        std::ignore = create_task(waits_in_scope(with_deadline));
        co_await yield_now();
    });
    plain.cancel();
    with_deadline.set_deadline(time_point::min());
    with_deadline.set_shield(true);
    with_deadline.cancel();
    EXPECT_TRUE(plain.cancel_called());
    EXPECT_FALSE(plain.cancelled_caught());
}

TEST_P(closed_loop, a_group_outside_takes_no_more_children) {
    task_group group;
    any_task kept;
    const auto forever = []() -> coro<void> { co_await sleep_forever(); };
    run_and_close([&]() -> coro<void> {
        const auto body = [&](task_group& tg) -> coro<void> {
            tg.create_task(forever());
            kept = tg.create_task(forever());
            co_await sleep_forever();
        };
        const auto in_group = [&]() -> coro<void> { co_await with(group, body); };
        std::ignore = create_task(in_group());
        co_await yield_now();
        co_await yield_now();
    });
    group.cancel();
    EXPECT_TRUE(group.children().empty());
    EXPECT_THROW(group.create_task(forever()), std::runtime_error);
}

TEST_P(closed_loop, a_generator_that_a_task_of_it_advanced_has_ended) {
    const auto ticks = [](bool& destroyed) -> async_generator<int> {
        const sets when_destroyed(destroyed);
        co_await sleep(1h);
        co_yield 1;
    };
    bool destroyed = false;
    auto g = ticks(destroyed);
    any_task kept;
    run_and_close([&]() -> coro<void> {
        const auto take = [&]() -> coro<void> { co_await g.next(); };
        kept = create_task(take());
        co_await yield_now();
    });
    EXPECT_TRUE(destroyed);
    EXPECT_TRUE(g.done());
}

TEST_P(closed_loop, children_go_before_what_they_may_refer_to) {
    std::vector<std::string> order;
    struct notes {
        explicit notes(std::vector<std::string>& to, std::string what)
            : to_(&to), what_(std::move(what)) {}
        ~notes() { to_->push_back(what_); }
        std::vector<std::string>* to_;
        std::string what_;
    };
    run_and_close([&]() -> coro<void> {
        const auto child = [&](lock& l) -> coro<void> {
            const notes mine(order, "child");
            auto guard = co_await l.scoped();
            co_await sleep_forever();
        };
        const auto parent = [&]() -> coro<void> {
            const notes mine(order, "parent");
            lock l;
            co_await gather(child(l), child(l));
        };
        std::ignore = create_task(parent());
        co_await yield_now();
        co_await yield_now();
    });
    EXPECT_EQ(order, (std::vector<std::string>{"child", "child", "parent"}));
}

TEST_P(closed_loop, a_task_that_holds_a_handle_to_itself_goes) {
    auto self = std::make_shared<any_task>();
    const std::weak_ptr<any_task> gone = self;
    run_and_close([&]() -> coro<void> {
        const auto body = [](std::shared_ptr<any_task>) -> coro<void> { co_await sleep_forever(); };
        *self = create_task(body(self));
        self.reset();
        co_await yield_now();
    });
    EXPECT_TRUE(gone.expired());
}

TEST_P(closed_loop, a_task_with_a_large_frame_leaves_a_usable_handle) {
    any_task kept;
    run_and_close([&]() -> coro<void> {
        const auto body = []() -> coro<void> {
            char large[8192] = {};
            co_await sleep_forever();
            EXPECT_EQ(large[0], 0);
        };
        kept = create_task(body());
        co_await yield_now();
    });
    const any_task other = kept;
    kept = {};
    EXPECT_TRUE(other.cancelled());
}

TEST_P(closed_loop, done_callbacks_of_its_tasks_are_dropped) {
    bool called = false;
    bool dropped = false;
    any_task kept;
    run_and_close([&]() -> coro<void> {
        const auto body = []() -> coro<void> { co_await sleep_forever(); };
        kept = create_task(body());
        kept.add_done_callback(
            [&called, owned = std::make_shared<sets>(dropped)] { called = true; });
        co_await yield_now();
    });
    EXPECT_FALSE(called);
    EXPECT_TRUE(dropped);
}

TEST_P(closed_loop, closes_another_loop_from_a_destructor_of_its_own) {
    const auto forever = []() -> coro<void> { co_await sleep_forever(); };
    any_task of_inner;
    any_task of_outer;
    auto inner = std::make_shared<event_loop>(GetParam());
    inner->set_exception_handler([](event_loop&, const exception_context&) {});
    of_inner = inner->create_task(forever());
    run_and_close([&]() -> coro<void> {
        const auto body = [](std::shared_ptr<event_loop>) -> coro<void> {
            co_await sleep_forever();
        };
        of_outer = create_task(body(std::move(inner)));
        co_await yield_now();
    });
    EXPECT_TRUE(of_inner.cancelled());
    EXPECT_TRUE(of_outer.cancelled());
}

TEST_P(closed_loop, tasks_left_by_run_are_given_up_as_well) {
    cancel_scope scope;
    lock l;
    any_task kept;
    const auto quits = []() -> coro<void> {
        try {
            co_await sleep_forever();
        } catch (const cancelled_error&) {
        }
        throw system_exit(3);
    };
    const auto slow_to_end = [&]() -> coro<void> {
        auto guard = co_await l.scoped();
        const auto forever = []() -> coro<void> { co_await sleep_forever(); };
        const auto clean = []() -> coro<void> { co_await sleep(1h); };
        const auto body = [&]() -> coro<void> { co_await finally_(forever, clean); };
        co_await with(scope, body);
    };
    const auto main_body = [&]() -> coro<void> {
        std::ignore = create_task(quits());
        kept = create_task(slow_to_end());
        std::ignore = create_task(acquires(l));
        co_await yield_now();
    };
    EXPECT_THROW(run(main_body(), {.driver = GetParam()}), system_exit);
    scope.cancel();
    EXPECT_TRUE(kept.cancelled());
    EXPECT_FALSE(l.locked());
}
