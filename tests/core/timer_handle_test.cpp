// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

/// A callback and the handle that it was given.
struct callback_with_handle {
    timer_handle handle;
    std::shared_ptr<int> witness;
};

/// One that only its own callback keeps alive.
callback_with_handle& owned_by_its_callback(const std::shared_ptr<int>& witness) {
    auto made = std::make_shared<callback_with_handle>(timer_handle(), witness);
    callback_with_handle& result = *made;
    result.handle = get_running_loop().call_later(1s, [made] { ++*made->witness; });
    return result;
}

}  // namespace

TEST(timer_handle, may_be_owned_by_the_callback_that_it_cancels) {
    const auto witness = std::make_shared<int>(0);
    const auto body = [&]() -> coro<void> {
        callback_with_handle& alone = owned_by_its_callback(witness);
        alone.handle.cancel();
        EXPECT_EQ(witness.use_count(), 1);

        callback_with_handle& copied = owned_by_its_callback(witness);
        timer_handle copy = copied.handle;
        copied.handle.cancel();
        EXPECT_EQ(witness.use_count(), 1);
        EXPECT_TRUE(copy.cancelled());
        copy.cancel();

        owned_by_its_callback(witness);
        co_await sleep(2s);
        EXPECT_EQ(witness.use_count(), 1);
    };
    rondo::testing::run(body());
    EXPECT_EQ(*witness, 1) << "the one that was not cancelled";
}

TEST(timer_handle, copies_share_the_timer_and_outlive_it) {
    const auto body = [&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        int fired = 0;
        const time_point when = loop.time() + 1s;
        timer_handle first = loop.call_at(when, [&] { ++fired; });
        timer_handle second = first;
        const timer_handle third = std::move(first);
        EXPECT_EQ(second, third);
        second.cancel();
        EXPECT_TRUE(third.cancelled());
        second = loop.call_at(when, [&] { ++fired; });
        EXPECT_FALSE(second.cancelled());
        EXPECT_EQ(third.when(), when);
        co_await sleep(2s);
        EXPECT_EQ(fired, 1);
        EXPECT_EQ(second.when(), when);
    };
    rondo::testing::run(body());
}

TEST(timer_handle, may_be_dropped_while_others_wait) {
    const auto body = [&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        std::vector<int> fired;
        std::vector<timer_handle> handles;
        for (int n = 0; n < 100; ++n) {
            handles.push_back(loop.call_later(1s + n * 1ms, [&fired, n] { fired.push_back(n); }));
        }
        std::vector<int> expected;
        for (int n = 0; n < 100; ++n) {
            if (n % 3 == 0) {
                handles[static_cast<std::size_t>(n)].cancel();
            } else {
                expected.push_back(n);
            }
        }
        handles.clear();
        co_await sleep(2s);
        EXPECT_EQ(fired, expected);
    };
    rondo::testing::run(body());
}

TEST(timer_handle, of_a_time_that_cannot_be_told_is_never_due) {
    const auto body = [&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        timer_handle never = loop.call_later(nanoseconds::max(), [] { FAIL(); });
        EXPECT_EQ(never.when(), time_point::max());
        bool fired = false;
        const timer_handle at_once = loop.call_later(nanoseconds::min(), [&] { fired = true; });
        EXPECT_LT(at_once.when(), loop.time());
        co_await sleep(1h);
        EXPECT_TRUE(fired);
        never.cancel();
    };
    rondo::testing::run(body());
}

TEST(handle, may_be_dropped_by_another_thread_while_the_loop_drops_its_own) {
    const auto held = std::make_shared<int>(0);
    constexpr int times = 2'000;
    const auto body = [&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        std::vector<handle> handles;
        for (int n = 0; n < times; ++n) {
            handles.push_back(loop.call_soon_threadsafe([held] { ++*held; }));
        }
        std::thread other([mine = std::move(handles)]() mutable { mine.clear(); });
        while (*held < times) {
            co_await sleep(0s);
        }
        other.join();
    };
    run(body());
    EXPECT_EQ(held.use_count(), 1);
}
