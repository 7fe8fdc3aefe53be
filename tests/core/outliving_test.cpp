// SPDX-License-Identifier: MIT
// Tasks and timers that outlive their loop.
#include "ended_loops.hpp"
#include <rondo/core/debug.hpp>
#include <rondo/core/future.hpp>
#include <rondo/core/task.hpp>

#include <optional>
#include <stdexcept>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

class outliving : public rondo_test::ended_loops {};

WHEREVER_A_LOOP_ENDS(outliving);

coro<int> answer() { co_return 42; }
coro<int> never() {
    co_await sleep(1h);
    co_return 0;
}

}  // namespace

TEST_P(outliving, a_task_says_that_its_loop_is_closed) {
    task<int> pending;
    task<int> done;
    std::optional<future<int>> promised;
    run([&]() -> coro<void> {
        pending = create_task(never(), {.name = "pending"});
        done = create_task(answer());
        promised = get_running_loop().create_future<int>();
        co_await sleep(1ms);
        EXPECT_EQ(&done.get_loop(), &get_running_loop());
    });
    end_loop();
    EXPECT_THROW(static_cast<void>(pending.get_loop()), std::runtime_error);
    EXPECT_THROW(static_cast<void>(done.get_loop()), std::runtime_error);
    EXPECT_THROW(pending.add_done_callback([] {}), std::runtime_error);
    EXPECT_THROW(promised->add_done_callback([] {}), std::runtime_error);
    EXPECT_TRUE(pending.cancelled());
    EXPECT_FALSE(pending.cancel());
    EXPECT_EQ(pending.name(), "pending");
    EXPECT_TRUE(format_call_graph(pending).starts_with("pending done"));
    EXPECT_TRUE(pending.get_stack().empty());
    EXPECT_EQ(done.result(), 42);
    promised->set_result(1);
    run_in_the_next([&]() -> coro<void> {
        EXPECT_EQ(co_await done, 42);
        EXPECT_EQ(co_await *promised, 1);
        EXPECT_THROW(co_await pending, cancelled_error);
    });
}

TEST_P(outliving, timers_and_calls_may_be_cancelled_later) {
    std::optional<timer_handle> timer;
    handle call;
    run([&]() -> coro<void> {
        timer = get_running_loop().call_later(1h, [] {});
        call = get_running_loop().call_soon([] {});
        co_return;
    });
    end_loop();
    static_cast<void>(timer->when());
    timer->cancel();
    call.cancel();
    EXPECT_TRUE(timer->cancelled());
    EXPECT_TRUE(call.cancelled());
}
