// SPDX-License-Identifier: MIT

// What is closed under a watch, and who comes after it.
#include "driver/kernel_driver.hpp"
#include "emulated.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <sys/resource.h>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::descriptor;
using rondo_test::ends;
using rondo_test::in_a_child;
using rondo_test::pipe_pair;
using rondo_test::recorder;
using rondo_test::socket_pair;

namespace {

/// Makes `at` a duplicate of `of`, as if that had got the number.
void put(const descriptor& of, int at) { ::dup3(*of, at, O_CLOEXEC); }

long most_memory() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

}  // namespace

TEST_P(kernel_driver, whoever_gets_the_number_of_a_closed_descriptor_takes_the_place_of_its_watch) {
    for (const bool edge : {true, false}) {
        ends old = pipe_pair();
        const ends fresh = socket_pair();
        recorder before(*old.near, false);
        io->watch(before, io_events::read);
        const int number = *old.near;
        old.near.close();
        put(fresh.near, number);
        recorder after(number, edge, edge);
        io->watch(after, io_events::read);
        fresh.far.send("x");
        look();
        EXPECT_TRUE(after.readable());
        EXPECT_EQ(before.calls, 0);
        forget(before);  // finds that it is somebody else's
        after.forget();
        fresh.far.send("y");
        look();
        EXPECT_TRUE(after.readable());
        forget(after);
        ::close(number);
    }
}

TEST_P(kernel_driver, a_watch_knows_whether_its_descriptor_is_lost) {
    ends pair = pipe_pair();
    recorder watch(*pair.near, false);
    EXPECT_FALSE(io->has_lost(watch));
    io->watch(watch, io_events::read);
    EXPECT_FALSE(io->has_lost(watch));
    const int number = *pair.near;
    pair.near.close();
    EXPECT_TRUE(io->has_lost(watch));
    const ends fresh = pipe_pair();
    put(fresh.near, number);
    EXPECT_TRUE(io->has_lost(watch));
    forget(watch);
    EXPECT_FALSE(io->has_lost(watch));
    io->watch(watch, io_events::read);
    fresh.far.send("x");
    look();
    EXPECT_TRUE(watch.readable());
    forget(watch);
    ::close(number);
}

TEST_P(kernel_driver, a_duplicate_that_was_left_behind_does_not_keep_the_driver_awake) {
    ends pair = pipe_pair();
    const descriptor duplicate(::dup(*pair.near));
    recorder watch(*pair.near, false);
    io->watch(watch, io_events::read);
    const ends fresh = socket_pair();
    const int number = *pair.near;
    pair.near.close();
    put(fresh.near, number);
    recorder after(number, true, true);
    recorder other(*fresh.near, false);
    io->watch(after, io_events::read);
    io->watch(other, io_events::read);
    pair.far.send("x");  // the duplicate is readable from here on
    EXPECT_TRUE(is_quiet_for(30ms));
    EXPECT_EQ(watch.calls, 0);
    after.forget();
    fresh.far.send("y");
    look();
    EXPECT_TRUE(after.readable());
    EXPECT_TRUE(other.readable());
    forget(other);
    forget(after);
    ::close(number);
}

TEST_P(kernel_driver, a_number_far_above_all_others_must_be_a_descriptors) {
    const long before = most_memory();
    recorder watch(100'000'000, false);
    try {
        io->watch(watch, io_events::read);
        ADD_FAILURE() << "it was taken";
    } catch (const std::system_error& e) {
        EXPECT_EQ(e.code().value(), EBADF);
    }
    forget(watch);
    EXPECT_LT(most_memory(), before + 64);
}

TEST_P(kernel_driver, the_child_of_a_fork_watches_for_itself) {
    RONDO_SKIP_WHEN_EMULATED("QEMU does not wipe in the child what is to be wiped there");
    const ends pair = pipe_pair();
    const ends level = pipe_pair();
    recorder watch(*pair.near, true);
    recorder by_level(*level.near, false);
    io->watch(watch, io_events::read);
    io->watch(by_level, io_events::read);
    look();
    const auto body = [&] {
        const ends own = socket_pair();
        recorder mine(::dup2(*own.near, 200), true);
        io->watch(mine, both);
        own.far.send("x");
        look();
        const bool told = mine.readable() && !watch.readable() && !by_level.readable();
        pair.far.send("x");
        level.far.send("x");
        look();
        const bool goes_on = watch.readable() && by_level.readable();
        pair.near.drain();
        level.near.drain();
        forget(watch);
        forget(by_level);
        return told && goes_on;
    };
    EXPECT_TRUE(in_a_child(body));
    watch.forget();
    by_level.forget();
    EXPECT_TRUE(is_quiet_for(10ms));
    EXPECT_FALSE(by_level.readable());
    pair.far.send("y");
    level.far.send("y");
    look();
    EXPECT_TRUE(watch.readable()) << "what the child ended is its own";
    EXPECT_TRUE(by_level.readable());
    forget(watch);
    forget(by_level);
}

TEST_P(kernel_driver, the_child_of_a_fork_is_woken_by_itself) {
    look();
    const auto body = [&] {
        io->wake();  // as a signal handler does
        return wait(10s) < 5s;
    };
    EXPECT_TRUE(in_a_child(body));
}
