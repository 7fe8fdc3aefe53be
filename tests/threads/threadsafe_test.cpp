// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/threads/run_on_loops.hpp>
#include <rondo/threads/threadsafe_event.hpp>
#include <rondo/threads/threadsafe_queue.hpp>

#include <atomic>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

TEST(threadsafe_event, a_thread_wakes_the_tasks_of_several_loops) {
    threadsafe_event opened;
    std::atomic<int> waiting{0};
    std::atomic<int> woken{0};
    std::thread other([&] {
        while (waiting < 2) {
            std::this_thread::sleep_for(1ms);
        }
        opened.set();
    });
    run_on_loops(2, [&]() -> coro<void> {
        ++waiting;
        co_await opened.wait();
        ++woken;
        co_await opened.wait();  // it stays set
    });
    other.join();
    EXPECT_EQ(woken, 2);
    EXPECT_TRUE(opened.is_set());
    opened.clear();
    EXPECT_FALSE(opened.is_set());
}

TEST(threadsafe_event, a_cancelled_wait_is_forgotten) {
    threadsafe_event never;
    run([&]() -> coro<void> {
        bool timed_out = false;
        try {
            co_await wait_for(never.wait(), 5ms);
        } catch (const timeout_error&) {
            timed_out = true;
        }
        EXPECT_TRUE(timed_out);
        never.set();
        co_await yield_now();
    });
}

TEST(threadsafe_queue, nothing_is_lost_or_doubled_between_threads_and_loops) {
    constexpr int items = 2000;
    constexpr int producers = 2;
    threadsafe_queue<std::unique_ptr<int>> q(16);
    std::atomic<long> sum{0};
    std::atomic<int> got{0};
    std::vector<std::thread> threads;
    for (int p = 0; p < producers; ++p) {
        threads.emplace_back([&] {
            for (int i = 1; i <= items; ++i) {
                auto item = std::make_unique<int>(i);
                while (q.qsize() >= q.maxsize()) {
                    std::this_thread::yield();
                }
                try {
                    q.put_nowait(std::move(item));
                } catch (const queue_full&) {
                    --i;
                }
            }
        });
    }
    run_on_loops(2, [&]() -> coro<void> {
        try {
            for (;;) {
                const auto item = co_await q.get();
                sum += *item;
                if (++got == items * producers) {
                    q.shutdown();
                }
            }
        } catch (const queue_shut_down&) {
        }
    });
    for (auto& each : threads) {
        each.join();
    }
    EXPECT_EQ(got, items * producers);
    EXPECT_EQ(sum, static_cast<long>(producers) * items * (items + 1) / 2);
}

TEST(threadsafe_queue, a_full_one_lets_loops_wait_for_room) {
    constexpr int items = 500;
    threadsafe_queue<int> q(3);
    int expected = 0;
    run_on_loops(2, [&](const loop_place& here) -> coro<void> {
        for (int i = 0; i < items; ++i) {
            if (here.index() == 0) {
                co_await q.put(i);
            } else {
                const int item = co_await q.get();
                EXPECT_EQ(item, expected++);
            }
        }
    });
    EXPECT_EQ(expected, items);
    EXPECT_EQ(q.qsize(), 0u);
}

TEST(threadsafe_queue, a_cancelled_get_takes_nothing_and_a_cancelled_put_puts_nothing) {
    threadsafe_queue<int> q(1);
    run([&]() -> coro<void> {
        const auto hungry = create_task([&]() -> coro<int> { co_return co_await q.get(); });
        co_await yield_now();
        hungry.cancel();
        co_await yield_now();
        EXPECT_TRUE(hungry.cancelled());
        q.put_nowait(1);
        const auto late = create_task([&]() -> coro<void> { co_await q.put(2); });
        co_await yield_now();
        late.cancel();
        co_await yield_now();
        co_await yield_now();
        EXPECT_TRUE(late.cancelled());
        EXPECT_EQ(co_await q.get(), 1);
        EXPECT_EQ(q.qsize(), 0u);
    });
}

TEST(threadsafe_queue, refuses_what_it_cannot_do_at_once) {
    threadsafe_queue<int> q(1);
    EXPECT_THROW(q.get_nowait(), queue_empty);
    q.put_nowait(1);
    EXPECT_THROW(q.put_nowait(2), queue_full);
    q.shutdown();
    EXPECT_THROW(q.put_nowait(3), queue_shut_down);
    EXPECT_EQ(q.get_nowait(), 1);
    EXPECT_THROW(q.get_nowait(), queue_shut_down);
    run([&]() -> coro<void> {
        bool refused = false;
        try {
            co_await q.put(4);
        } catch (const queue_shut_down&) {
            refused = true;
        }
        EXPECT_TRUE(refused);
    });
}
