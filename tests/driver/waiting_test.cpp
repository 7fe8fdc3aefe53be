// SPDX-License-Identifier: MIT
#include "driver/kernel_driver.hpp"

#include <atomic>
#include <csignal>
#include <thread>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::ends;
using rondo_test::recorder;
using rondo_test::socket_pair;

// ---- time

TEST_P(kernel_driver, a_wait_with_nothing_to_tell_ends_at_its_deadline) {
    const ends pair = socket_pair();
    recorder edge(*pair.near, true);
    recorder level(*pair.far, false);
    io->watch(edge, io_events::read);
    io->watch(level, io_events::read);
    look();
    EXPECT_TRUE(is_quiet_for(3ms));
    EXPECT_TRUE(is_quiet_for(1ms));
    EXPECT_LT(wait(-1ms), 1s) << "a deadline that has passed";
    EXPECT_EQ(edge.calls + level.calls, 0);
    forget(edge);
    forget(level);
}

TEST_P(kernel_driver, a_deadline_in_centuries_is_waited_for) {
    std::atomic<bool> woken{false};
    std::thread other([&] {
        std::this_thread::sleep_for(5ms);  // real time, so that the poll has begun
        woken = true;
        io->wake();
    });
    int polls = 0;
    for (; !woken && polls < 100; ++polls) {
        io->poll({time_point::max() - 1ns, false});
    }
    EXPECT_LT(polls, 100);
    other.join();
}

// ---- wake

TEST_P(kernel_driver, a_wake_before_the_poll_ends_it_and_no_other) {
    io->wake();
    io->wake();
    EXPECT_LT(wait(10s), 10s);
    EXPECT_TRUE(is_quiet_for(3ms));
    io->wake();
    look();
    EXPECT_TRUE(is_quiet_for(3ms)) << "a look takes the wake as well";
}

TEST_P(kernel_driver, a_wake_of_another_thread_ends_a_poll_that_waits) {
    std::thread other([&] {
        std::this_thread::sleep_for(5ms);  // real time, so that the poll has begun
        io->wake();
    });
    EXPECT_LT(wait(10s), 10s);
    other.join();
}

namespace {

driver* to_wake = nullptr;
void wake_it(int) { to_wake->wake(); }

}  // namespace

TEST_P(kernel_driver, a_wake_in_a_signal_handler_ends_a_poll_that_waits) {
    to_wake = io.get();
    struct sigaction ours{};
    struct sigaction before{};
    ours.sa_handler = wake_it;
    ours.sa_flags = SA_RESTART;
    ::sigaction(SIGUSR1, &ours, &before);
    const auto here = ::pthread_self();
    std::thread other([here] {
        std::this_thread::sleep_for(5ms);  // real time, so that the poll has begun
        ::pthread_kill(here, SIGUSR1);
    });
    EXPECT_LT(wait(10s), 10s);
    other.join();
    ::sigaction(SIGUSR1, &before, nullptr);
}

TEST_P(kernel_driver, many_wakes_of_many_threads_are_all_noticed) {
    constexpr int rounds = 2'000;
    std::atomic<int> asked{0};
    std::atomic<int> answered{0};
    std::thread other([&] {
        for (int i = 1; i <= rounds; ++i) {
            asked = i;
            io->wake();
            while (answered != i) {
                std::this_thread::yield();
            }
        }
    });
    while (answered != rounds) {
        ASSERT_LT(wait(10s), 10s);
        answered = asked.load();
    }
    other.join();
}

// ---- one thread after another

TEST_P(kernel_driver, it_can_be_used_in_one_thread_after_another) {
    const ends pair = socket_pair();
    recorder edge(*pair.near, true);
    recorder level(*pair.far, false);
    io->watch(edge, io_events::read);
    io->watch(level, io_events::read);
    look();
    const auto is_told = [&] {
        edge.forget();
        level.forget();
        pair.near.send("x");
        pair.far.send("x");
        for (int i = 0; i < 3; ++i) {
            look();
        }
        const bool told = edge.calls == 1 && level.calls > 0;
        pair.near.drain();
        pair.far.drain();
        return told;
    };
    EXPECT_TRUE(is_told());
    std::thread([&] {
        look();
        EXPECT_TRUE(is_told());
        io->wake();
        EXPECT_LT(wait(10s), 10s);
    }).join();
    look();
    EXPECT_TRUE(is_told());
    forget(edge);
    forget(level);
}

TEST_P(kernel_driver, another_thread_can_end_watches_while_the_first_one_lives) {
    ends pair = socket_pair();
    recorder edge(*pair.near, true);
    io->watch(edge, io_events::read);
    look();
    std::thread([&] {
        forget(edge);
        pair.near.close();
        EXPECT_TRUE(pair.far.is_going_to_see_the_end());
        io = nullptr;
    }).join();
}

// ---- fork

TEST_P(kernel_driver, a_child_that_ends_the_driver_takes_nothing_from_its_parent) {
    const ends pair = socket_pair();
    recorder edge(*pair.near, true);
    recorder level(*pair.far, false);
    io->watch(edge, io_events::read);
    io->watch(level, io_events::read);
    look();
    pair.near.send("x");
    pair.far.send("x");
    EXPECT_TRUE(rondo_test::in_a_child([&] {
        io = nullptr;
        return true;
    }));
    look();
    EXPECT_EQ(edge.calls, 1);
    EXPECT_EQ(level.calls, 1);
    forget(edge);
    forget(level);
}
