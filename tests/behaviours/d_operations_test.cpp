// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "descriptors.hpp"
#include "ends.hpp"
#include <rondo/net/socket.hpp>

#include <atomic>
#include <semaphore>
#include <string>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of;
using rondo_test::socket_pair;

namespace {

/// A function for a thread that returns when it is allowed to.
class slow_function {
public:
    int operator()() {
        begun.store(true);
        may_return.acquire();
        returned.store(true);
        return 7;
    }

    std::atomic<bool> begun{false};
    std::atomic<bool> returned{false};
    std::binary_semaphore may_return{0};
};

/// Lets the loop turn until `flag` is set by a thread.
coro<void> until(const std::atomic<bool>& flag) {
    while (!flag.load()) {
        co_await yield_now();
    }
}

}  // namespace

BEHAVIOUR(B101_a_cancelled_socket_operation_stops_watching_and_loses_no_data) {
    run([&]() -> coro<void> {
        const socket_pair pair;
        const int end = pair.near;
        const auto receives = [end]() -> coro<void> { co_await sock_recv(end, 100); };
        const task<> t = create_task(receives());
        co_await sleep(1ms);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
        if (simulated()) {
            EXPECT_FALSE(rondo::testing::running_sim_driver().watches_any());
        }
        co_await sock_sendall(pair.far, "later");
        co_await sleep(1ms);
        note(co_await sock_recv(end, 100));
    });
    EXPECT_EQ(trace(), "cancelled later");
}

BEHAVIOUR(B102_a_cancelled_to_thread_waits_for_the_running_function_whose_result_wins) {
    run([&]() -> coro<void> {
        slow_function slow;
        const auto calls = [&]() -> coro<void> {
            note(std::to_string(co_await to_thread([&slow] { return slow(); })));
            note(end_of(co_await as_outcome(sleep(1h))));
        };
        const task<> t = create_task(calls());
        co_await until(slow.begun);
        t.cancel();
        for (int i = 0; i < 5; ++i) {
            co_await yield_now();
        }
        EXPECT_FALSE(t.done());
        slow.may_return.release();
        co_await t;
    });
    EXPECT_EQ(trace(), "7 cancelled");
}

BEHAVIOUR(B102_an_abandoned_to_thread_returns_at_once_and_the_function_goes_on) {
    static slow_function* slow;
    slow_function owned;
    slow = &owned;
    run([&]() -> coro<void> {
        const auto calls = []() -> coro<void> {
            co_await to_thread(abandon_on_cancel, [] { return (*slow)(); });
        };
        const task<> t = create_task(calls());
        co_await until(slow->begun);
        t.cancel();
        note(end_of(co_await as_outcome(t)));
        EXPECT_FALSE(slow->returned.load());
        slow->may_return.release();
        co_await until(slow->returned);
        note("function-went-on");
    });
    EXPECT_EQ(trace(), "cancelled function-went-on");
}

BEHAVIOURS_ON_EVERY_DRIVER;
