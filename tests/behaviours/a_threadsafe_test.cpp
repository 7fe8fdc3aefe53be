// SPDX-License-Identifier: MIT
#include "behaviour.hpp"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace rondo;
using namespace std::chrono_literals;
using real_clock = std::chrono::steady_clock;

namespace {

/// Tells a simulated loop that threads will wake it, so that it waits for them.
class thread_at_work {
public:
    thread_at_work() { core().thread_work_begins(); }
    thread_at_work(const thread_at_work&) = delete;
    thread_at_work& operator=(const thread_at_work&) = delete;
    ~thread_at_work() { core().thread_work_ends(); }

private:
    static detail::loop_core& core() { return core_of(get_running_loop()); }
};

}  // namespace

BEHAVIOUR(B027_call_soon_threadsafe_wakes_a_loop_that_waits) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const thread_at_work expected;
        real_clock::time_point sent;
        real_clock::time_point received;
        const future<void> woken = loop.create_future<void>();
        std::thread other([&] {
            std::this_thread::sleep_for(20ms);  // real time, so that the loop has gone to sleep
            sent = real_clock::now();
            loop.call_soon_threadsafe([&] {
                received = real_clock::now();
                woken.set_result();
            });
        });
        co_await woken;
        other.join();
        EXPECT_LT(received - sent, 500ms);
    });
}

BEHAVIOUR(B027_no_wake_up_is_lost_while_the_loop_goes_to_sleep) {
    constexpr int rounds = 2000;
    int arrived = 0;
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const thread_at_work expected;
        const future<void> all = loop.create_future<void>();
        std::atomic<int> seen{0};
        // Each call is sent as soon as the one before has run: just when the loop falls asleep.
        std::thread other([&] {
            for (int n = 1; n <= rounds; ++n) {
                loop.call_soon_threadsafe([&] {
                    seen.store(++arrived);
                    if (arrived == rounds) {
                        all.set_result();
                    }
                });
                while (seen.load() < n) {
                    std::this_thread::yield();
                }
            }
        });
        co_await all;
        other.join();
    });
    EXPECT_EQ(arrived, rounds);
}

BEHAVIOUR(B028_callbacks_of_one_thread_keep_their_order) {
    constexpr int threads = 4;
    constexpr int each = 1000;
    std::vector<std::vector<int>> seen(threads);
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const thread_at_work expected;
        const future<void> all = loop.create_future<void>();
        int left = threads * each;
        const auto arrive = [&](int who, int n) {
            seen[static_cast<std::size_t>(who)].push_back(n);
            if (--left == 0) {
                all.set_result();
            }
        };
        std::vector<std::thread> senders;
        for (int who = 0; who < threads; ++who) {
            senders.emplace_back([&, who] {
                for (int n = 0; n < each; ++n) {
                    loop.call_soon_threadsafe(arrive, who, n);
                }
            });
        }
        co_await all;
        for (std::thread& sender : senders) {
            sender.join();
        }
    });
    for (const std::vector<int>& order : seen) {
        EXPECT_EQ(order.size(), static_cast<std::size_t>(each));
        EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    }
}

BEHAVIOUR(B029_call_soon_threadsafe_after_close_fails) {
    const auto loop = make_loop();
    loop->close();
    std::thread([&] {
        EXPECT_THAT([&] { loop->call_soon_threadsafe([&] { note("never"); }); },
                    ::testing::ThrowsMessage<std::runtime_error>(::testing::HasSubstr("closed")));
    }).join();
    EXPECT_EQ(trace(), "");
}
