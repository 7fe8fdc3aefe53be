// SPDX-License-Identifier: MIT
#include <rondo/base/detail/random.hpp>
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

template <class F>
auto run_main(F&& body, rondo::testing::options with = {}) {
    return rondo::testing::run(body(), with);
}

}  // namespace

TEST(queue, moves_items_that_can_only_be_moved) {
    run_main([]() -> coro<void> {
        queue<std::unique_ptr<std::string>> q(1);
        const auto producer = [&]() -> coro<void> {
            for (const char* text : {"a", "b", "c"}) {
                co_await q.put(std::make_unique<std::string>(text));
            }
        };
        const task<> t = create_task(producer());
        std::string all;
        for (int i = 0; i < 3; ++i) {
            const std::unique_ptr<std::string> item = co_await q.get();
            all += *item;
        }
        EXPECT_EQ(all, "abc");
        co_await t;
    });
}

TEST(queue, keeps_the_item_when_the_budget_runs_out) {
    run_main([]() -> coro<void> {
        queue<int> q(1'000);
        bool others_ran = false;
        int until_then = 0;
        get_running_loop().call_soon([&] { others_ran = true; });
        for (int i = 0; i < 1'000; ++i) {
            co_await q.put(i);
            until_then += others_ran ? 0 : 1;
        }
        EXPECT_TRUE(others_ran);
        EXPECT_LT(until_then, 200);
        for (int i = 0; i < 1'000; ++i) {
            EXPECT_EQ(co_await q.get(), i);
        }
        EXPECT_TRUE(q.empty());
    });
}

TEST(queue, lets_a_putter_in_when_the_one_who_takes_has_no_budget_left) {
    run_main([]() -> coro<void> {
        auto [to, from] = open_channel<int>(0);
        const auto produce = [](sender<int>& out) -> coro<void> {
            for (int i = 0; i < 1'000; ++i) {
                co_await out.send(i);
            }
        };
        std::vector<task<>> senders;
        for (int i = 0; i < 5; ++i) {
            senders.push_back(create_task(produce(to)));
        }
        int sum = 0;
        for (int i = 0; i < 5'000; ++i) {
            const auto item = co_await from.receive();
            sum += item.value();
        }
        EXPECT_EQ(sum, 5 * 499'500);
        for (const task<>& t : senders) {
            co_await t;
        }
    });
}

TEST(queue, a_million_puts_and_gets_that_complete_at_once) {
    run_main([]() -> coro<void> {
        queue<int> q(1);
        for (int i = 0; i < 1'000'000; ++i) {
            co_await q.put(i);
            EXPECT_EQ(co_await q.get(), i);
        }
    });
}

TEST(queue, its_awaits_can_be_given_to_wait_for_and_gather) {
    run_main([]() -> coro<void> {
        queue<int> q(1);
        EXPECT_THROW(co_await wait_for(q.get(), 1s), timeout_error);
        auto [nothing, item] = co_await gather(q.put(1), q.get());
        static_cast<void>(nothing);
        EXPECT_EQ(item, 1);
        lock lk;
        co_await lk.acquire();
        EXPECT_THROW(co_await wait_for(lk.acquire(), 1s), timeout_error);
        lk.release();
        EXPECT_FALSE(lk.locked());
    });
}

TEST(queue, puts_by_hand_driven_coroutines_complete_as_often_as_they_like) {
    queue<int> q;
    const auto body = [&]() -> coro<void> {
        for (int i = 0; i < 1'000; ++i) {
            co_await q.put(i);
        }
    };
    auto c = body();
    EXPECT_FALSE(c.send());
    EXPECT_EQ(q.qsize(), 1'000u);
}

TEST(queue, a_full_queue_of_jobs_is_what_workers_share) {
    run_main([]() -> coro<void> {
        queue<int> jobs(3);
        int done = 0;
        const auto worker = [&]() -> coro<void> {
            for (;;) {
                co_await jobs.get();
                co_await sleep(10ms);
                ++done;
                jobs.task_done();
            }
        };
        std::vector<task<>> workers;
        for (int i = 0; i < 3; ++i) {
            workers.push_back(create_task(worker()));
        }
        const auto begin = get_running_loop().time();
        for (int i = 0; i < 20; ++i) {
            co_await jobs.put(i);
        }
        co_await jobs.join();
        EXPECT_EQ(done, 20);
        EXPECT_EQ(get_running_loop().time() - begin, 70ms);
        for (const task<>& w : workers) {
            w.cancel();
        }
    });
}

namespace {

/// Producers and consumers of one queue, some of which are cancelled at random.
struct market {
    explicit market(std::uint64_t seed) : random(seed), q(static_cast<int>(seed % 4)) {}

    coro<void> produce() {
        for (int i = 0; i < 20; ++i) {
            if (random.below(3) == 0) {
                co_await yield_now();
            }
            co_await q.put(1);
            ++put;
        }
    }
    coro<void> consume() {
        for (int i = 0; i < 20; ++i) {
            co_await q.get();
            ++got;
            if (random.below(3) == 0) {
                co_await yield_now();
            }
        }
    }
    coro<void> trade() {
        std::vector<task<>> tasks;
        for (int i = 0; i < 6; ++i) {
            tasks.push_back(create_task(i % 2 == 0 ? produce() : consume()));
        }
        for (int i = 0; i < 60; ++i) {
            if (random.below(10) == 0) {
                tasks[random.below(tasks.size())].cancel();
            }
            co_await yield_now();
        }
        for (const task<>& t : tasks) {
            t.cancel();
        }
        co_await wait(tasks);
    }

    random_source random;
    queue<int> q;
    int put = 0;
    int got = 0;
};

}  // namespace

TEST(queue, loses_and_doubles_nothing_whatever_the_order_and_whoever_is_cancelled) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        market m(seed);
        rondo::testing::run(m.trade(), {.seed = seed});
        ASSERT_EQ(m.put, m.got + static_cast<int>(m.q.qsize())) << "seed " << seed;
    }
}
