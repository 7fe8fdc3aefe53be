// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include <rondo/threads/to_thread.hpp>
#include <rondo/threads/wrap_future.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

/// Waits in real time, since it is for another thread, until `condition()`.
template <class F>
bool eventually(F condition) {
    const auto give_up = std::chrono::steady_clock::now() + 10s;
    while (!condition() && std::chrono::steady_clock::now() < give_up) {
        std::this_thread::sleep_for(1ms);
    }
    return condition();
}

/// A blocking call that lasts until it is released.
struct blocking_call {
    std::atomic<bool> started{false};
    std::atomic<bool> released{false};
    std::atomic<bool> ended{false};

    void operator()() {
        started = true;
        while (!released) {
            std::this_thread::sleep_for(1ms);
        }
        ended = true;
    }
};

}  // namespace

BEHAVIOUR(B019_close_does_not_wait_for_threads_of_the_executor) {
    const auto call = std::make_shared<blocking_call>();
    const auto loop = make_loop();
    loop->set_exception_handler([&](event_loop&, const exception_context& context) {
        note(context.message.find("pending") != std::string::npos ? "pending" : context.message);
    });
    const auto main = [&]() -> coro<void> {
        const auto blocks = [call] { (*call)(); };
        std::ignore = run_in_executor(nullptr, blocks);
        while (!call->started) {
            co_await yield_now();
        }
    };
    loop->run_until_complete(main());
    loop->close();
    note(call->ended ? "waited" : "did_not_wait");
    call->released = true;
    EXPECT_TRUE(eventually([&] { return call->ended.load(); }));
    EXPECT_EQ(trace(), "pending did_not_wait");
}

BEHAVIOUR(B055_a_thread_future_brings_its_result_or_exception_into_the_loop) {
    run([&]() -> coro<void> {
        std::promise<std::string> value;
        std::promise<std::string> error;
        const auto value_task = create_task(wrap_future(value.get_future()));
        const auto error_task = create_task(wrap_future(error.get_future()));
        std::thread other([&] {
            value.set_value("from a thread");
            error.set_exception(std::make_exception_ptr(std::domain_error("failed there")));
        });
        EXPECT_EQ(co_await value_task, "from a thread");
        EXPECT_THROW(co_await error_task, std::domain_error);
        other.join();
    });
}

BEHAVIOUR(B055_the_end_of_a_task_reaches_its_thread_future_and_cancel_goes_the_other_way) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const auto answers = []() -> coro<int> { co_return 7; };
        const auto fails = []() -> coro<int> {
            co_await yield_now();
            throw std::domain_error("failed here");
        };
        const auto cancels_itself = []() -> coro<int> {
            current_task().cancel();
            co_await sleep_forever();
            co_return 0;
        };
        std::promise<void> started;
        const auto is_cancelled = [&]() -> coro<int> {
            started.set_value();
            try {
                co_await sleep_forever();
            } catch (const cancelled_error&) {
                note("task_cancelled");
                throw;
            }
            co_return 0;
        };
        const auto look = [&] {
            EXPECT_EQ(run_coroutine_threadsafe(answers(), loop).get(), 7);
            EXPECT_THROW(run_coroutine_threadsafe(fails(), loop).get(), std::domain_error);
            const auto cancelled = run_coroutine_threadsafe(cancels_itself(), loop);
            EXPECT_THROW(cancelled.get(), cancelled_error);
            EXPECT_TRUE(cancelled.cancelled());
            const auto back = run_coroutine_threadsafe(is_cancelled(), loop);
            started.get_future().wait();
            EXPECT_FALSE(back.wait_for(1ms));
            EXPECT_TRUE(back.cancel());
            EXPECT_THROW(back.get(), cancelled_error);
            EXPECT_FALSE(back.cancel());
        };
        co_await to_thread(look);
    });
    EXPECT_EQ(trace(), "task_cancelled");
}

BEHAVIOUR(B056_the_completion_of_a_thread_future_after_its_loop_closed_is_ignored) {
    const auto held = std::make_shared<int>(7);
    std::promise<std::shared_ptr<int>> late;
    {
        const auto loop = make_loop();
        loop->set_exception_handler(
            [&](event_loop&, const exception_context&) { note("pending"); });
        const auto main = [&]() -> coro<void> {
            std::ignore = create_task(wrap_future(late.get_future()));
            co_await yield_now();
        };
        loop->run_until_complete(main());
    }
    std::thread([&] { late.set_value(held); }).join();
    late = {};
    EXPECT_TRUE(eventually([&] { return held.use_count() == 1; })) << "the result was not dropped";
    EXPECT_EQ(trace(), "pending");
}
