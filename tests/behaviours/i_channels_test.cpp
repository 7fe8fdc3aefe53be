// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "ends.hpp"

#include <memory>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::end_of_handle;

namespace {

coro<void> pass_turns(int n) {
    for (int i = 0; i < n; ++i) {
        co_await yield_now();
    }
}

coro<void> send_one(sender<int>& to, int item) { co_await to.send(item); }
coro<std::optional<int>> receive_one(receiver<int>& from) { co_return co_await from.receive(); }

}  // namespace

BEHAVIOUR(B213_a_channel_of_zero_is_a_rendezvous) {
    run([&]() -> coro<void> {
        auto [to, from] = open_channel<int>(0);
        EXPECT_THROW(to.send_nowait(0), would_block_error);
        EXPECT_THROW(from.receive_nowait(), would_block_error);
        const task<> first = create_task(send_one(to, 1));
        const task<> second = create_task(send_one(to, 2));
        co_await pass_turns(2);
        EXPECT_FALSE(first.done());
        EXPECT_EQ(co_await from.receive(), 1);
        co_await pass_turns(2);
        EXPECT_TRUE(first.done());
        EXPECT_FALSE(second.done());
        EXPECT_EQ(from.receive_nowait(), 2);
        co_await second;

        const auto waiting = create_task(receive_one(from));
        co_await yield_now();
        to.send_nowait(3);  // somebody waits for it
        EXPECT_THROW(to.send_nowait(4), would_block_error);
        EXPECT_EQ(co_await waiting, 3);
    });
}

BEHAVIOUR(B214_closing_the_last_sender_ends_the_iteration_after_draining) {
    run([&]() -> coro<void> {
        auto [to, from] = open_channel<int>(10);
        auto second = to.clone();
        to.send_nowait(1);
        to.close();
        to.close();
        second.send_nowait(2);
        const auto reader = [&]() -> coro<void> {
            while (const auto item = co_await from.receive()) {
                note(std::to_string(*item));
            }
            note("end");
        };
        const task<> t = create_task(reader());
        co_await pass_turns(3);
        EXPECT_EQ(trace(), "1 2");
        {
            const auto gone = std::move(second);
        }
        co_await t;
        EXPECT_EQ(from.receive_nowait(), std::nullopt);
    });
    EXPECT_EQ(trace(), "1 2 end");
}

BEHAVIOUR(B215_closing_the_last_receiver_fails_the_senders) {
    const auto kept = std::make_shared<int>();
    run([&]() -> coro<void> {
        auto [to, from] = open_channel<int>(1);
        auto other = from.clone();
        to.send_nowait(1);
        const task<> blocked = create_task(send_one(to, 2));
        co_await yield_now();
        from.close();
        co_await pass_turns(2);
        EXPECT_FALSE(blocked.done());
        other.close();
        EXPECT_THROW(co_await blocked, broken_resource_error);
        EXPECT_THROW(co_await to.send(3), broken_resource_error);
        EXPECT_THROW(to.send_nowait(3), broken_resource_error);

        auto [owners, nobody] = open_channel<std::shared_ptr<int>>(1);
        owners.send_nowait(kept);
        nobody.close();
        EXPECT_EQ(kept.use_count(), 1);  // what nobody will receive is dropped
    });
}

BEHAVIOUR(B216_clones_count_and_closing_one_wakes_only_its_own_waiters_with_closed) {
    run([&]() -> coro<void> {
        auto [to, from] = open_channel<int>(0);
        auto from_too = from.clone();
        const auto mine = create_task(receive_one(from));
        const auto theirs = create_task(receive_one(from_too));
        co_await yield_now();
        from.close();
        EXPECT_THROW(co_await mine, closed_resource_error);
        EXPECT_FALSE(theirs.done());
        EXPECT_THROW(co_await from.receive(), closed_resource_error);
        EXPECT_THROW(from.receive_nowait(), closed_resource_error);
        EXPECT_THROW(from.clone(), closed_resource_error);
        co_await to.send(1);
        EXPECT_EQ(co_await theirs, 1);

        auto to_too = to.clone();
        const task<> send_mine = create_task(send_one(to, 2));
        const task<> send_theirs = create_task(send_one(to_too, 3));
        co_await yield_now();
        to.close();
        EXPECT_THROW(co_await send_mine, closed_resource_error);
        EXPECT_FALSE(send_theirs.done());
        EXPECT_THROW(co_await to.send(4), closed_resource_error);
        EXPECT_THROW(to.send_nowait(4), closed_resource_error);
        EXPECT_THROW(to.clone(), closed_resource_error);
        EXPECT_EQ(co_await from_too.receive(), 3);
        co_await send_theirs;
    });
}

BEHAVIOUR(B217_channel_operations_are_atomic_under_cancellation) {
    run([&]() -> coro<void> {
        auto [to, from] = open_channel<int>(1);
        const auto waiting = create_task(receive_one(from));
        co_await yield_now();
        waiting.cancel();
        to.send_nowait(1);
        co_await yield_now();
        EXPECT_TRUE(waiting.cancelled());
        EXPECT_EQ(from.receive_nowait(), 1);

        const auto served = create_task(receive_one(from));
        co_await yield_now();
        to.send_nowait(2);
        served.cancel();  // too late
        EXPECT_EQ(co_await served, 2);

        to.send_nowait(3);
        const task<> cancelled = create_task(send_one(to, 4));
        const task<> accepted = create_task(send_one(to, 5));
        co_await yield_now();
        cancelled.cancel();
        EXPECT_EQ(from.receive_nowait(), 3);
        accepted.cancel();  // too late
        co_await pass_turns(2);
        EXPECT_EQ(end_of_handle(cancelled), "cancelled");
        EXPECT_EQ(end_of_handle(accepted), "value");
        EXPECT_EQ(from.receive_nowait(), 5);

        // The handle goes away between the sending and the resumption of the one who receives.
        const auto late = create_task(receive_one(from));
        co_await yield_now();
        to.send_nowait(6);
        from.close();
        EXPECT_EQ(co_await late, 6);
    });
}
