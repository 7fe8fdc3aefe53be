// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"

#include <stdexcept>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of_handle;

namespace {

coro<void> pass_turns(int n) {
    for (int i = 0; i < n; ++i) {
        co_await yield_now();
    }
}

/// Everything that can be taken at once, as text.
template <class Queue>
std::string drained(Queue& q) {
    std::string all;
    while (!q.empty()) {
        all += std::to_string(q.get_nowait());
    }
    return all;
}

coro<void> take_into(queue<int>& q, std::vector<int>& got) { got.push_back(co_await q.get()); }
coro<void> put_one(queue<int>& q, int item) { co_await q.put(item); }

}  // namespace

BEHAVIOUR(B204_queues_give_in_fifo_lifo_and_priority_order) {
    run([&]() -> coro<void> {
        queue<int> fifo;
        lifo_queue<int> lifo;
        priority_queue<int> priority;
        for (const int item : {3, 1, 2}) {
            co_await fifo.put(item);
            co_await lifo.put(item);
            co_await priority.put(item);
        }
        note(drained(fifo));
        note(drained(lifo));
        note(drained(priority));
        // One that waits already is not given the first to come, but what is best when it runs.
        const auto getter = [&]() -> coro<void> { note(std::to_string(co_await priority.get())); };
        const task<> t = create_task(getter());
        co_await yield_now();
        priority.put_nowait(5);
        priority.put_nowait(4);
        co_await t;
        note(drained(priority));
    });
    EXPECT_EQ(trace(), "312 213 123 4 5");
    EXPECT_EQ(trace(), twin("queue_orders"));
}

BEHAVIOUR(B205_put_blocks_when_full_get_when_empty_and_the_nowait_forms_fail) {
    run([&]() -> coro<void> {
        queue<int> q(2);
        EXPECT_THROW(q.get_nowait(), queue_empty);
        q.put_nowait(1);
        q.put_nowait(2);
        EXPECT_TRUE(q.full());
        EXPECT_THROW(q.put_nowait(3), queue_full);
        const task<> putter = create_task(put_one(q, 3));
        co_await pass_turns(2);
        EXPECT_FALSE(putter.done());
        EXPECT_EQ(co_await q.get(), 1);
        EXPECT_THROW(q.put_nowait(4), queue_full);  // the room is taken by the one who waited
        co_await putter;
        EXPECT_EQ(drained(q), "23");

        std::vector<int> got;
        const task<> first = create_task(take_into(q, got));
        const task<> second = create_task(take_into(q, got));
        co_await pass_turns(2);
        EXPECT_TRUE(got.empty());
        q.put_nowait(7);
        EXPECT_THROW(q.get_nowait(), queue_empty);  // it is another one's already
        q.put_nowait(8);
        co_await first;
        co_await second;
        EXPECT_THAT(got, ::testing::ElementsAre(7, 8));
    });
}

BEHAVIOUR(B206_a_maxsize_of_zero_or_less_means_unbounded_and_never_full) {
    for (const int maxsize : {0, -1}) {
        queue<int> q(maxsize);
        for (int i = 0; i < 10'000; ++i) {
            q.put_nowait(i);
        }
        EXPECT_FALSE(q.full());
        EXPECT_EQ(q.qsize(), 10'000u);
        EXPECT_EQ(q.maxsize(), maxsize);
        EXPECT_EQ(q.get_nowait(), 0);
    }
}

BEHAVIOUR(B207_a_cancelled_getter_never_loses_an_item_and_the_next_one_is_woken) {
    run([&]() -> coro<void> {
        queue<int> q;
        std::vector<int> got;
        const task<> a = create_task(take_into(q, got));
        const task<> b = create_task(take_into(q, got));
        const task<> c = create_task(take_into(q, got));
        co_await yield_now();
        a.cancel();       // it waits: nothing is for it
        q.put_nowait(1);  // for b
        b.cancel();       // too late
        co_await pass_turns(2);
        EXPECT_EQ(end_of_handle(a), "cancelled");
        EXPECT_EQ(end_of_handle(b), "value");
        EXPECT_FALSE(c.done());
        EXPECT_THAT(got, ::testing::ElementsAre(1));
        c.cancel();
        co_await yield_now();
        q.put_nowait(2);
        EXPECT_EQ(q.get_nowait(), 2);
    });
}

BEHAVIOUR(B208_a_cancelled_putter_never_inserts_and_the_next_one_is_woken) {
    run([&]() -> coro<void> {
        queue<int> q(1);
        q.put_nowait(0);
        const task<> a = create_task(put_one(q, 1));
        const task<> b = create_task(put_one(q, 2));
        const task<> c = create_task(put_one(q, 3));
        co_await yield_now();
        a.cancel();
        EXPECT_EQ(q.get_nowait(), 0);  // b's item goes in
        b.cancel();                    // too late
        co_await pass_turns(2);
        EXPECT_EQ(end_of_handle(a), "cancelled");
        EXPECT_EQ(end_of_handle(b), "value");
        EXPECT_FALSE(c.done());
        EXPECT_EQ(co_await q.get(), 2);
        EXPECT_EQ(co_await q.get(), 3);
        EXPECT_TRUE(q.empty());
        co_await c;
    });
}

BEHAVIOUR(B209_many_cancelled_readers_leave_no_stale_waiter_behind) {
    run([&]() -> coro<void> {
        queue<int> q(1);
        std::vector<int> got;
        for (int round = 0; round < 3; ++round) {
            std::vector<task<>> readers;
            for (int i = 0; i < 100; ++i) {
                readers.push_back(create_task(take_into(q, got)));
            }
            co_await yield_now();
            for (const task<>& reader : readers) {
                reader.cancel();
            }
            co_await pass_turns(2);
        }
        EXPECT_TRUE(got.empty());
        q.put_nowait(1);
        EXPECT_EQ(q.qsize(), 1u);
        EXPECT_EQ(q.get_nowait(), 1);
    });
}

BEHAVIOUR(B210_task_done_underflow_fails_and_join_waits_for_every_item_that_was_put) {
    run([&]() -> coro<void> {
        queue<int> q(1);
        EXPECT_THROW(q.task_done(), std::invalid_argument);
        co_await q.join();  // nothing was put
        const task<> putter = create_task(put_one(q, 1));
        const task<> second = create_task(put_one(q, 2));
        co_await yield_now();
        const auto joiner = [&]() -> coro<void> {
            co_await q.join();
            note("joined");
        };
        const task<> j = create_task(joiner());
        for (const char* step : {"first", "second"}) {
            co_await q.get();
            co_await pass_turns(2);
            EXPECT_FALSE(j.done());
            note(step);
            q.task_done();
        }
        co_await j;
        EXPECT_THROW(q.task_done(), std::invalid_argument);
    });
    EXPECT_EQ(trace(), "first second joined");
}

BEHAVIOUR(B211_after_shutdown_puts_fail_gets_drain_and_then_fail_and_the_blocked_wake) {
    run([&]() -> coro<void> {
        queue<int> full(2);
        full.put_nowait(1);
        full.put_nowait(2);
        const task<> putter = create_task(put_one(full, 3));
        queue<int> empty;
        std::vector<int> got;
        const task<> getter = create_task(take_into(empty, got));
        co_await yield_now();
        full.shutdown();
        empty.shutdown();
        EXPECT_THROW(co_await putter, queue_shut_down);
        EXPECT_THROW(co_await getter, queue_shut_down);
        EXPECT_THROW(full.put_nowait(4), queue_shut_down);
        EXPECT_THROW(co_await full.put(4), queue_shut_down);
        EXPECT_EQ(co_await full.get(), 1);
        EXPECT_EQ(full.get_nowait(), 2);
        EXPECT_THROW(co_await full.get(), queue_shut_down);
        EXPECT_THROW(full.get_nowait(), queue_shut_down);
        full.shutdown();
    });
}

BEHAVIOUR(B212_an_immediate_shutdown_drops_the_items_and_releases_join_accordingly) {
    run([&]() -> coro<void> {
        queue<int> q;
        for (const int item : {1, 2, 3}) {
            q.put_nowait(item);
        }
        const auto joiner = [&]() -> coro<void> { co_await q.join(); };
        const task<> j = create_task(joiner());
        EXPECT_EQ(co_await q.get(), 1);
        q.shutdown(true);
        EXPECT_TRUE(q.empty());
        co_await pass_turns(2);
        EXPECT_FALSE(j.done());  // the one that was taken is not finished
        EXPECT_THROW(co_await q.get(), queue_shut_down);
        q.task_done();
        co_await j;

        queue<int> untouched;
        untouched.put_nowait(1);
        untouched.shutdown(true);
        co_await untouched.join();

        queue<int> promised;
        std::vector<int> got;
        const task<> getter = create_task(take_into(promised, got));
        co_await yield_now();
        promised.put_nowait(1);   // the getter's, but it has not run yet
        promised.shutdown(true);  // and is dropped like every other item
        EXPECT_THROW(co_await getter, queue_shut_down);
        co_await promised.join();
    });
}
