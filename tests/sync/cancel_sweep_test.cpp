// SPDX-License-Identifier: MIT
// Cancels at every suspension in turn, and looks whether something was lost.
#include <rondo/rondo.hpp>
#include <rondo/testing/cancel_sweep.hpp>

#include <memory>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

using namespace rondo;
using rondo::testing::cancel_sweep;

TEST(cancel_sweep, a_lock_is_free_in_the_end) {
    std::unique_ptr<lock> lk;
    const auto turns = [&]() -> coro<void> {
        for (int i = 0; i < 3; ++i) {
            const auto guard = co_await lk->scoped();
            co_await yield_now();
        }
    };
    const auto scenario = [&]() -> coro<void> {
        lk = std::make_unique<lock>();
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            tg.create_task(turns());
            tg.create_task(turns());
            co_await turns();
        });
    };
    EXPECT_GT(cancel_sweep(scenario, [&] { EXPECT_FALSE(lk->locked()); }), 10);
}

TEST(cancel_sweep, a_semaphore_has_all_its_permits_in_the_end) {
    std::unique_ptr<bounded_semaphore> s;
    const auto turns = [&]() -> coro<void> {
        for (int i = 0; i < 3; ++i) {
            co_await with(*s, [&]() -> coro<void> { co_await yield_now(); });
        }
    };
    const auto scenario = [&]() -> coro<void> {
        s = std::make_unique<bounded_semaphore>(2);
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            tg.create_task(turns());
            tg.create_task(turns());
            co_await turns();
        });
    };
    const auto all_there = [&] {
        EXPECT_FALSE(s->locked());
        EXPECT_THROW(s->release(), std::invalid_argument);
    };
    EXPECT_GT(cancel_sweep(scenario, all_there), 10);
}

TEST(cancel_sweep, a_limiter_has_all_its_tokens_in_the_end) {
    std::unique_ptr<capacity_limiter> limiter;
    const auto turns = [&]() -> coro<void> {
        for (int i = 0; i < 3; ++i) {
            co_await with(*limiter, [&]() -> coro<void> { co_await yield_now(); });
        }
    };
    const auto scenario = [&]() -> coro<void> {
        limiter = std::make_unique<capacity_limiter>(1);
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            tg.create_task(turns());
            co_await turns();
        });
    };
    EXPECT_GT(cancel_sweep(scenario, [&] { EXPECT_EQ(limiter->borrowed_tokens(), 0u); }), 5);
}

TEST(cancel_sweep, a_wait_for_a_condition_always_ends_with_the_lock) {
    std::unique_ptr<condition> c;
    int items = 0;
    int without_lock = 0;
    const auto consumer = [&]() -> coro<void> {
        for (int i = 0; i < 3; ++i) {
            const auto guard = co_await c->scoped();
            try {
                co_await c->wait_for([&] { return items > 0; });
            } catch (...) {
                without_lock += c->locked() ? 0 : 1;
                throw;
            }
            --items;
        }
    };
    const auto scenario = [&]() -> coro<void> {
        c = std::make_unique<condition>();
        items = 0;
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            tg.create_task(consumer());
            tg.create_task(consumer());
            for (int i = 0; i < 6; ++i) {
                const auto guard = co_await c->scoped();
                co_await yield_now();
                ++items;
                c->notify();
            }
        });
    };
    EXPECT_GT(cancel_sweep(scenario, [&] { EXPECT_FALSE(c->locked()); }), 5);
    EXPECT_EQ(without_lock, 0);
}

TEST(cancel_sweep, an_event_that_is_set_leaves_nobody_waiting) {
    const auto scenario = []() -> coro<void> {
        event begin;
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            const auto runner = [&]() -> coro<void> { co_await begin.wait(); };
            tg.create_task(runner);
            tg.create_task(runner);
            co_await yield_now();
            begin.set();
        });
    };
    EXPECT_GT(cancel_sweep(scenario), 2);
}

TEST(cancel_sweep, no_item_of_a_queue_is_lost_or_doubled) {
    std::unique_ptr<queue<int>> q;
    int put = 0;
    int got = 0;
    const auto producer = [&]() -> coro<void> {
        for (int i = 0; i < 5; ++i) {
            co_await q->put(i);
            ++put;
        }
    };
    const auto consumer = [&]() -> coro<void> {
        for (int i = 0; i < 5; ++i) {
            co_await q->get();
            ++got;
            co_await yield_now();
        }
    };
    const auto scenario = [&]() -> coro<void> {
        q = std::make_unique<queue<int>>(2);
        put = got = 0;
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            tg.create_task(producer());
            tg.create_task(consumer());
            tg.create_task(consumer());
            co_await producer();
        });
    };
    const auto balanced = [&] { EXPECT_EQ(put, got + static_cast<int>(q->qsize())); };
    EXPECT_GT(cancel_sweep(scenario, balanced), 10);
}

TEST(cancel_sweep, no_item_of_a_rendezvous_channel_is_lost_or_doubled) {
    int sent = 0;
    int received = 0;
    const auto produce = [&](sender<std::string>& to) -> coro<void> {
        for (int i = 0; i < 4; ++i) {
            co_await to.send("an item that is longer than a short string");
            ++sent;
        }
    };
    const auto consume = [&](receiver<std::string>& from) -> coro<void> {
        while (const auto item = co_await from.receive()) {
            ++received;
        }
    };
    const auto scenario = [&]() -> coro<void> {
        sent = received = 0;
        auto ends = open_channel<std::string>(0);
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            tg.create_task(consume(ends.receiver));
            co_await produce(ends.sender);
            ends.sender.close();
        });
    };
    EXPECT_GT(cancel_sweep(scenario, [&] { EXPECT_EQ(sent, received); }), 3);
}

TEST(cancel_sweep, a_barrier_lets_nobody_through_alone) {
    int through = 0;
    const auto scenario = [&]() -> coro<void> {
        through = 0;
        barrier b(2);
        const auto party = [&]() -> coro<void> {
            co_await b.wait();
            ++through;
        };
        co_await with(task_group(), [&](task_group& tg) -> coro<void> {
            tg.create_task(party());
            co_await yield_now();
            co_await party();
        });
    };
    EXPECT_GE(cancel_sweep(scenario, [&] { EXPECT_NE(through, 1); }), 2);
}
