// SPDX-License-Identifier: MIT
#include "sys/doorkeeper.hpp"
#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/gather.hpp>
#include <rondo/core/run.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/core/wait_for.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/fault_plan.hpp>
#include <rondo/testing/run.hpp>
#include <rondo/threads/to_thread.hpp>
#include <rondo/threads/wrap_future.hpp>

#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

/// Runs what it gets when it is told to, or drops it, in the thread that says so.
class hand_driven_executor final : public executor {
public:
    void submit(unique_function<void()> work) override { work_.push_back(std::move(work)); }
    std::size_t waiting() const { return work_.size(); }
    void run_all() {
        for (auto& work : std::exchange(work_, {})) {
            std::thread(std::move(work)).join();
        }
    }
    void drop_all() { work_.clear(); }

private:
    std::vector<unique_function<void()>> work_;
};

struct counter {
    explicit counter(std::atomic<int>& of) : of_(&of) { ++*of_; }
    counter(const counter& other) : counter(*other.of_) {}
    ~counter() { --*of_; }
    std::atomic<int>* of_;
};

/// The await of `t`, as a word.
coro<std::string> end_of(task<int> t) {
    try {
        co_return std::to_string(co_await t);
    } catch (const cancelled_error&) {
        co_return "cancelled";
    } catch (const std::exception& e) {
        co_return e.what();
    }
}

}  // namespace

TEST(to_thread, moves_what_it_is_given_and_gives_what_can_only_be_moved) {
    rondo::testing::run([]() -> coro<void> {
        auto twice = [](std::unique_ptr<int> n) { return std::make_unique<int>(2 * *n); };
        auto four = co_await to_thread(twice, std::make_unique<int>(2));
        EXPECT_EQ(*four, 4);
        int there = 5;
        int& reference = co_await to_thread([&]() -> int& { return there; });
        EXPECT_EQ(&reference, &there);
        auto length = co_await to_thread(&std::string::size, std::string("four"));
        EXPECT_EQ(length, 4u);
    }());
}

TEST(to_thread, nobody_stands_at_its_door_where_nobody_stands_at_the_loops) {
    run([]() -> coro<void> { EXPECT_FALSE(co_await to_thread(sys::door_is_kept)); }());
    rondo::testing::fault_plan plan;
    const rondo::testing::fault_plan::guard faults(&plan);
    run([]() -> coro<void> { EXPECT_TRUE(co_await to_thread(sys::door_is_kept)); }());
}

TEST(to_thread, can_be_gathered_and_limited_in_time) {
    rondo::testing::run([]() -> coro<void> {
        const auto three = [] { return 3; };
        auto [a, b] = co_await gather(to_thread(three), to_thread(three));
        EXPECT_EQ(a + b, 6);
        EXPECT_EQ(co_await wait_for(to_thread(three), 1h), 3);
    }());
}

TEST(to_thread, work_that_has_not_begun_is_withdrawn_with_all_that_it_owns) {
    rondo::testing::run([]() -> coro<void> {
        hand_driven_executor by_hand;
        set_default_executor(&by_hand);
        std::atomic<int> owned = 0;
        const auto never = [](const counter&) -> int {
            ADD_FAILURE() << "it was cancelled";
            return 0;
        };
        auto call = create_task(to_thread(never, counter(owned)));
        co_await yield_now();
        EXPECT_EQ(by_hand.waiting(), 1u);
        EXPECT_GT(owned, 0);
        call.cancel();
        EXPECT_EQ(co_await end_of(call), "cancelled");
        call = {};
        EXPECT_EQ(owned, 0);
        by_hand.run_all();
        set_default_executor(nullptr);
    }());
}

TEST(to_thread, work_that_runs_is_waited_for_and_its_result_wins) {
    rondo::testing::run([]() -> coro<void> {
        std::latch started(1);
        std::latch go(1);
        const auto work = [&] {
            started.count_down();
            go.wait();
            return 7;
        };
        auto call = create_task(to_thread(work));
        co_await to_thread([&] { started.wait(); });
        call.cancel();
        co_await yield_now();
        EXPECT_FALSE(call.done());
        go.count_down();
        EXPECT_EQ(co_await end_of(call), "7");
    }());
}

TEST(to_thread, a_cancellation_that_had_to_wait_is_delivered_by_the_next_await) {
    rondo::testing::run([]() -> coro<void> {
        std::latch started(1);
        std::latch go(1);
        bool got_result = false;
        const auto host = [&]() -> coro<int> {
            const auto work = [&] {
                started.count_down();
                go.wait();
                return 7;
            };
            int seven = co_await to_thread(work);
            got_result = seven == 7;
            co_await sleep(1h);
            co_return seven;
        };
        auto call = create_task(host());
        co_await to_thread([&] { started.wait(); });
        call.cancel();
        go.count_down();
        EXPECT_EQ(co_await end_of(call), "cancelled");
        EXPECT_TRUE(got_result);
    }());
}

TEST(to_thread, what_is_abandoned_ends_at_once_and_its_result_is_dropped) {
    std::atomic<int> owned = 0;
    auto started = std::make_shared<std::latch>(1);
    auto go = std::make_shared<std::latch>(1);
    rondo::testing::run([](auto& count, auto begun, auto leave) -> coro<void> {
        auto work = [begun, leave](const counter& c) {
            begun->count_down();
            leave->wait();
            return counter(c);
        };
        auto call = create_task(to_thread(abandon_on_cancel, work, counter(count)));
        co_await to_thread([&] { begun->wait(); });
        call.cancel();
        try {
            co_await call;
            ADD_FAILURE() << "it was cancelled";
        } catch (const cancelled_error&) {
        }
        leave->count_down();
    }(owned, started, go));
    EXPECT_EQ(owned, 0);
}

TEST(to_thread, an_executor_that_drops_the_work_is_reported_to_who_waits) {
    rondo::testing::run([]() -> coro<void> {
        hand_driven_executor by_hand;
        auto call = run_in_executor(&by_hand, [] { return 1; });
        EXPECT_EQ(by_hand.waiting(), 1u);  // it begins without being awaited
        by_hand.drop_all();
        EXPECT_EQ(co_await end_of(call), "the executor ended before it ran the function");
        thread_pool_executor closed(1);
        closed.shutdown();
        auto refused = run_in_executor(&closed, [] { return 1; });
        EXPECT_EQ(co_await end_of(refused), "thread_pool_executor::submit: the pool was shut down");
    }());
}

TEST(to_thread, check_cancelled_ends_the_request_that_it_answers) {
    rondo::testing::run([]() -> coro<void> {
        std::latch started(1);
        bool went_on = false;
        const auto host = [&]() -> coro<int> {
            const auto work = [&] {
                started.count_down();
                for (;;) {
                    from_thread::check_cancelled();
                    std::this_thread::yield();
                }
            };
            try {
                co_await to_thread(work);
            } catch (const cancelled_error&) {
            }
            co_await sleep(1s);  // delivered once: this one is not cancelled
            went_on = true;
            co_return 1;
        };
        auto call = create_task(host());
        co_await to_thread([&] { started.wait(); });
        call.cancel();
        EXPECT_EQ(co_await end_of(call), "1");
        EXPECT_TRUE(went_on);
    }());
}

TEST(to_thread, the_virtual_clock_stands_still_while_a_thread_works) {
    rondo::testing::run([]() -> coro<void> {
        const auto before = loop_clock::now();
        const auto a_day = []() -> coro<void> { co_await sleep(24h); };
        auto timer = create_task(a_day());
        co_await to_thread([] { std::this_thread::sleep_for(2ms); });
        EXPECT_EQ(loop_clock::now(), before);
        timer.cancel();
    }());
}

TEST(to_thread, needs_a_loop) {
    EXPECT_THROW(
        {
            auto call = to_thread([] {});
            call.send();
        },
        std::runtime_error);
}

TEST(to_thread, a_loop_that_closes_early_leaves_running_work_alone) {
    std::atomic<int> owned = 0;
    auto started = std::make_shared<std::latch>(1);
    auto go = std::make_shared<std::latch>(1);
    auto over = std::make_shared<std::latch>(1);
    {
        event_loop loop;
        loop.set_exception_handler([](event_loop&, const exception_context&) {});
        const auto host = [](auto& count, auto begun, auto leave, auto end) -> coro<void> {
            auto work = [begun, leave, end](const counter&) {
                begun->count_down();
                leave->wait();
                end->count_down();
            };
            co_await to_thread(work, counter(count));
        };
        const auto starter = [](auto begun) -> coro<void> {
            co_await to_thread([&] { begun->wait(); });
        };
        auto pending = loop.create_task(host(owned, started, go, over));
        loop.run_until_complete(starter(started));
    }
    go->count_down();
    over->wait();
    while (owned > 0) {  // destroyed right after the function
        std::this_thread::yield();
    }
}

TEST(to_thread, cancelled_at_every_suspension_it_loses_and_leaks_nothing) {
    std::atomic<int> owned = 0;
    const auto scenario = [&]() -> coro<void> {
        const auto work = [](const counter& c) { return counter(c); };
        for (int i = 0; i < 2; ++i) {
            auto got = co_await to_thread(work, counter(owned));
        }
        const auto back = []() -> coro<int> {
            co_await yield_now();
            co_return 3;
        };
        co_await to_thread([&] { return from_thread::run(back); });
        auto abandoned = co_await to_thread(abandon_on_cancel, work, counter(owned));
    };
    rondo::testing::cancel_sweep(scenario, [&] { EXPECT_EQ(owned, 0); });
}

TEST(thread_pool_executor, starts_threads_only_when_they_are_needed) {
    thread_pool_executor pool(4);
    EXPECT_EQ(pool.size(), 0);
    std::latch done(1);
    pool.submit([&] { done.count_down(); });
    done.wait();
    EXPECT_EQ(pool.size(), 1);
    EXPECT_THROW(thread_pool_executor(0), std::invalid_argument);
    EXPECT_GE(thread_pool_executor::default_size(), 5);
    EXPECT_LE(thread_pool_executor::default_size(), 32);
}

TEST(thread_pool_executor, one_thread_is_enough_for_one_job_after_another) {
    thread_pool_executor pool(4);
    rondo::testing::run([](executor* by) -> coro<void> {
        for (int i = 0; i < 1000; ++i) {
            co_await run_in_executor(by, [] {});
        }
    }(&pool));
    EXPECT_EQ(pool.size(), 1);
}

TEST(thread_pool_executor, calls_as_many_threads_as_wait_for_each_other) {
    thread_pool_executor pool(4);
    for (int i = 0; i < 200; ++i) {
        std::latch all_there(4);
        std::latch done(4);
        for (int k = 0; k < 4; ++k) {
            pool.submit([&] {
                all_there.arrive_and_wait();
                done.count_down();
            });
        }
        done.wait();
    }
    EXPECT_EQ(pool.size(), 4);
}

TEST(thread_pool_executor, a_thread_with_more_to_do_than_a_job_holds_up_no_other_job) {
    struct lingering_executor final : executor {
        void submit(unique_function<void()> work) override {
            pool.submit([this, w = std::move(work)]() mutable {
                w();
                goes_on.wait();
            });
        }
        std::latch goes_on{1};
        thread_pool_executor pool{2};
    };
    lingering_executor lingering;
    rondo::testing::run([](lingering_executor* by) -> coro<void> {
        co_await run_in_executor(by, [] {});
        co_await run_in_executor(&by->pool, [by] { by->goes_on.count_down(); });
    }(&lingering));
    EXPECT_EQ(lingering.pool.size(), 2);
}

TEST(thread_pool_executor, runs_in_order_and_everything_before_it_ends) {
    std::vector<int> order;
    {
        thread_pool_executor pool(1);
        for (int i = 0; i < 100; ++i) {
            pool.submit([&order, i] { order.push_back(i); });
        }
    }
    ASSERT_EQ(order.size(), 100u);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
    }
}

TEST(threadsafe_future, refuses_to_block_the_loop) {
    rondo::testing::run([]() -> coro<void> {
        const auto one = []() -> coro<int> { co_return 1; };
        auto future = run_coroutine_threadsafe(one(), get_running_loop());
        EXPECT_THROW(future.get(), std::runtime_error);
        EXPECT_THROW(future.wait_for(1ms), std::runtime_error);
        co_await yield_now();
        co_await sleep(1ms);
        EXPECT_TRUE(future.done());
        EXPECT_EQ(future.get(), 1);  // does not block any more
    }());
}

TEST(threadsafe_future, of_a_loop_that_closes_ends_as_cancelled) {
    event_loop loop;
    loop.set_exception_handler([](event_loop&, const exception_context&) {});
    const auto forever = []() -> coro<void> { co_await sleep_forever(); };
    auto running = run_coroutine_threadsafe(forever(), loop);
    const auto pass = []() -> coro<void> {
        co_await yield_now();
        co_await yield_now();
    };
    loop.run_until_complete(pass());
    auto queued = run_coroutine_threadsafe(forever, loop);
    EXPECT_FALSE(running.done());
    EXPECT_FALSE(queued.wait_for(1ms));
    loop.close();
    EXPECT_THROW(running.get(), cancelled_error);
    EXPECT_TRUE(queued.cancelled());
    EXPECT_THROW(static_cast<void>(run_coroutine_threadsafe(forever, loop)), std::runtime_error);
}

TEST(threadsafe_future, cancelled_before_it_started_never_runs) {
    event_loop loop;
    bool ran = false;
    const auto body = [&]() -> coro<void> {
        ran = true;
        co_return;
    };
    auto future = run_coroutine_threadsafe(body, loop);
    EXPECT_TRUE(future.cancel());
    const auto pass = []() -> coro<void> { co_await sleep(1ms); };
    loop.run_until_complete(pass());
    EXPECT_TRUE(future.cancelled());
    EXPECT_FALSE(ran);
}

TEST(threadsafe_future, many_threads_talk_to_one_loop) {
    rondo::testing::run([]() -> coro<void> {
        event_loop& loop = get_running_loop();
        int total = 0;  // touched by the loop only
        const auto add = [&total](int n) -> coro<int> {
            co_await yield_now();
            co_return total += n;
        };
        std::vector<task<void>> threads;
        for (int t = 0; t < 4; ++t) {
            threads.push_back(run_in_executor(nullptr, [&] {
                for (int i = 0; i < 100; ++i) {
                    const int sum = run_coroutine_threadsafe(add(1), loop).get();
                    EXPECT_GE(sum, i + 1);
                    EXPECT_GT(from_thread::run(add, 1), sum);
                }
            }));
        }
        for (const task<void>& t : threads) {
            co_await t;
        }
        EXPECT_EQ(total, 800);
    }());
}

TEST(from_thread, needs_a_thread_that_a_loop_waits_for) {
    const auto body = []() -> coro<void> { co_return; };
    EXPECT_THROW(from_thread::run(body), std::runtime_error);
    std::thread([&] { EXPECT_THROW(from_thread::check_cancelled(), std::runtime_error); }).join();
}

TEST(from_thread, the_guest_of_a_cancelled_host_is_cancelled) {
    rondo::testing::run([]() -> coro<void> {
        std::latch started(1);
        const auto guest = [&]() -> coro<int> {
            started.count_down();
            co_await sleep_forever();
            co_return 0;
        };
        const auto host = [&]() -> coro<int> {
            const auto work = [&] { return from_thread::run(guest); };
            co_return co_await to_thread(work);
        };
        auto call = create_task(host());
        co_await to_thread([&] { started.wait(); });
        call.cancel();
        EXPECT_EQ(co_await end_of(call), "cancelled");
    }());
}

TEST(from_thread, errors_and_context_travel_both_ways) {
    static context_var<int> level("level", 0);
    rondo::testing::run([]() -> coro<void> {
        level.set(1);
        const auto guest = []() -> coro<int> {
            const int seen = level.get();
            level.set(3);
            co_return seen;
        };
        const auto fails = []() -> coro<int> {
            co_await yield_now();
            throw std::out_of_range("from the guest");
        };
        const auto work = [&] {
            level.set(2);
            EXPECT_EQ(from_thread::run(guest), 2);
            EXPECT_EQ(level.get(), 2);
            return from_thread::run(fails);
        };
        EXPECT_THROW(co_await to_thread(work), std::out_of_range);
        EXPECT_EQ(level.get(), 1);
    }());
}

TEST(wrap_future, awaits_a_std_future) {
    rondo::testing::run([]() -> coro<void> {
        std::promise<std::string> promise;
        auto waiting = create_task(wrap_future(promise.get_future()));
        co_await yield_now();
        EXPECT_FALSE(waiting.done());
        promise.set_value("kept");
        EXPECT_EQ(co_await waiting, "kept");
    }());
}
