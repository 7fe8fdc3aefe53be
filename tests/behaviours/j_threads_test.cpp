// SPDX-License-Identifier: MIT
#include "behaviour.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

context_var<int> request("request", 0);

/// Lets threads wait for each other without a clock.
class gate {
public:
    void open() {
        const std::scoped_lock lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    void pass() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

/// Counts how many are inside, and holds them until `wanted` are.
class meeting {
public:
    explicit meeting(int wanted) : wanted_(wanted) {}
    void attend() {
        std::unique_lock lock(mutex_);
        most_ = std::max(most_, ++inside_);
        changed_.notify_all();
        changed_.wait(lock, [this] { return met_ || inside_ == wanted_; });
        met_ = true;
        --inside_;
    }
    int most() const { return most_; }

private:
    const int wanted_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int inside_ = 0;
    int most_ = 0;
    bool met_ = false;
};

}  // namespace

BEHAVIOUR(B218_to_thread_returns_values_rethrows_passes_arguments_and_copies_context) {
    run([&]() -> coro<void> {
        const auto here = std::this_thread::get_id();
        auto moved = std::make_unique<int>(3);
        int sum = co_await to_thread(
            [here](int a, std::unique_ptr<int> b) {
                EXPECT_NE(std::this_thread::get_id(), here);
                return a + *b;
            },
            4, std::move(moved));
        EXPECT_EQ(sum, 7);

        auto failing = [] { throw std::out_of_range("from the thread"); };
        try {
            co_await to_thread(failing);
            ADD_FAILURE() << "nothing was thrown";
        } catch (const std::out_of_range& e) {
            EXPECT_STREQ(e.what(), "from the thread");
        }

        request.set(7);
        int seen = co_await to_thread([] {
            int before = request.get();
            request.set(8);
            return before;
        });
        EXPECT_EQ(seen, 7);
        EXPECT_EQ(request.get(), 7);
    });
}

BEHAVIOUR(B219_blocking_calls_overlap_up_to_the_size_of_the_pool) {
    run([&]() -> coro<void> {
        thread_pool_executor pool(3);
        meeting three(3);
        std::atomic<int> done = 0;
        std::vector<task<void>> calls;
        for (int i = 0; i < 9; ++i) {
            calls.push_back(run_in_executor(&pool, [&] {
                three.attend();
                ++done;
            }));
        }
        for (const task<void>& call : calls) {
            co_await call;
        }
        EXPECT_EQ(done, 9);
        EXPECT_EQ(three.most(), 3);
        EXPECT_EQ(pool.size(), 3);
    });
}

BEHAVIOUR(B220_run_coroutine_threadsafe_gives_result_error_and_timeout_to_a_thread) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const auto add = [](int a, int b) -> coro<int> {
            co_await yield_now();
            co_return a + b;
        };
        const auto fail = []() -> coro<int> {
            co_await yield_now();
            throw std::runtime_error("no answer");
        };
        co_await to_thread([&] {
            EXPECT_EQ(run_coroutine_threadsafe(add(1, 2), loop).get(), 3);
            auto failed = run_coroutine_threadsafe(fail, loop);
            EXPECT_THROW(failed.get(), std::runtime_error);
            EXPECT_THROW(failed.get(), std::runtime_error);

            const auto forever = []() -> coro<void> { co_await sleep_forever(); };
            auto endless = run_coroutine_threadsafe(forever(), loop);
            EXPECT_FALSE(endless.wait_for(1ms));
            EXPECT_FALSE(endless.done());
            EXPECT_TRUE(endless.cancel());
            EXPECT_THROW(endless.get(), cancelled_error);
        });
    });
}

BEHAVIOUR(B221_cancelling_the_thread_future_cancels_the_task) {
    static_assert(!awaitable<threadsafe_future<int>>);
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        gate started;
        const auto endless = [&]() -> coro<int> {
            started.open();
            try {
                co_await sleep_forever();
            } catch (const cancelled_error&) {
                note("cancelled");
                throw;
            }
            co_return 0;
        };
        co_await to_thread([&] {
            auto future = run_coroutine_threadsafe(endless, loop);
            started.pass();
            EXPECT_TRUE(future.cancel());
            EXPECT_THROW(future.get(), cancelled_error);
            EXPECT_TRUE(future.cancelled());
            EXPECT_FALSE(future.cancel());
        });
    });
    EXPECT_EQ(trace(), "cancelled");
}

BEHAVIOUR(B222_failure_of_the_factory_reaches_the_thread_future) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        co_await to_thread([&] {
            const auto refuses = []() -> coro<void> { throw std::logic_error("no coroutine"); };
            auto future = run_coroutine_threadsafe(refuses, loop);
            EXPECT_THROW(future.get(), std::logic_error);
        });
        loop.set_task_factory(
            [](event_loop&, task_options&) { throw std::range_error("no task"); });
        co_await to_thread([&] {
            const auto body = []() -> coro<void> { co_return; };
            auto future = run_coroutine_threadsafe(body, loop);
            EXPECT_THROW(future.get(), std::range_error);
        });
        loop.set_task_factory({});
    });
}

BEHAVIOUR(B223_shutdown_of_an_executor_waits) {
    run([&]() -> coro<void> {
        gate go;
        bool finished = false;
        auto call = run_in_executor(nullptr, [&] {
            go.pass();
            finished = true;
        });
        get_running_loop().call_soon([&] { go.open(); });
        co_await shutdown_default_executor();
        EXPECT_TRUE(finished);
        co_await call;
        const auto refused = [] {};
        EXPECT_THROW(co_await to_thread(refused), std::runtime_error);
    });
    bool finished = false;
    {
        thread_pool_executor pool(1);
        pool.submit([&] { finished = true; });
    }
    EXPECT_TRUE(finished);
}

BEHAVIOUR(B223_shutdown_of_an_executor_with_a_deadline_warns_and_gives_up) {
    auto go = std::make_shared<gate>();
    auto left = std::make_shared<gate>();
    gate started;
    const auto waits = [go, left, &started] {
        started.open();
        go->pass();
        left->open();
    };
    ::testing::internal::CaptureStderr();
    run([&]() -> coro<void> {
        auto abandoned = create_task(to_thread(abandon_on_cancel, waits));
        co_await to_thread([&] { started.pass(); });
        abandoned.cancel();
        co_await shutdown_default_executor(10ms);
    });
    const std::string warning = ::testing::internal::GetCapturedStderr();
    EXPECT_NE(warning.find("did not end its threads within 0.01 seconds"), std::string::npos)
        << warning;
    go->open();
    left->pass();

    auto hold = std::make_shared<gate>();
    thread_pool_executor pool(1);
    pool.submit([hold] { hold->pass(); });
    ::testing::internal::CaptureStderr();
    EXPECT_FALSE(pool.shutdown_for(1ms));
    EXPECT_NE(::testing::internal::GetCapturedStderr().find("did not end within 0.001 seconds"),
              std::string::npos);
    hold->open();
}

BEHAVIOUR(B224_from_thread_runs_a_coroutine_in_the_host_tasks_scope) {
    run([&]() -> coro<void> {
        const auto twice = [](int n) -> coro<int> {
            co_await yield_now();
            co_return 2 * n;
        };
        int four = co_await to_thread([&] { return from_thread::run(twice, 2); });
        EXPECT_EQ(four, 4);

        const auto body = [&](cancel_scope& scope) -> coro<void> {
            const auto endless = [&]() -> coro<void> {
                scope.cancel();
                for (const char* turn : {"first", "second"}) {
                    try {
                        co_await sleep_forever();
                    } catch (const cancelled_error&) {
                        note(turn);
                    }
                }
                co_await sleep_forever();
            };
            co_await to_thread([&] { from_thread::run(endless); });
            ADD_FAILURE() << "the scope was cancelled";
        };
        cancel_scope scope;
        co_await with(scope, body);
        EXPECT_TRUE(scope.cancelled_caught());
    });
    EXPECT_EQ(trace(), "first second");
}

BEHAVIOUR(B224_check_cancelled_tells_a_thread_that_its_host_was_cancelled) {
    run([&]() -> coro<void> {
        gate started;
        const auto stubborn = [&] {
            started.open();
            while (true) {
                from_thread::check_cancelled();
                std::this_thread::yield();
            }
        };
        const auto host = [&]() -> coro<void> { co_await to_thread(stubborn); };
        auto task = create_task(host());
        co_await to_thread([&] { started.pass(); });
        task.cancel();
        EXPECT_THROW(co_await task, cancelled_error);
        EXPECT_TRUE(task.cancelled());
    });
    EXPECT_THROW(from_thread::check_cancelled(), std::runtime_error);
}
