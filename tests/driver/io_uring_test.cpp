// SPDX-License-Identifier: MIT
#include "driver/io_uring.hpp"

#include "driver/descriptors.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::descriptor;
using rondo_test::ends;
using rondo_test::recorder;
using rondo_test::socket_pair;

namespace {

constexpr auto both = io_events::read | io_events::write;

/// What only io_uring does.
class io_uring : public ::testing::Test {
protected:
    void SetUp() override { make({}); }
    void make(io_uring_driver::sizes queues) {
        try {
            io.emplace(queues);
        } catch (const std::system_error& e) {
            GTEST_SKIP() << e.what();
        }
    }
    void look(int times = 1) {
        for (int i = 0; i < times; ++i) {
            io->poll({time_point::min(), false});
        }
    }

    std::optional<io_uring_driver> io;
};

struct watched {
    explicit watched(driver& io, io_events interest = both)
        : pair(socket_pair()), watch(*pair.near, true) {
        io.watch(watch, interest);
    }
    ends pair;
    recorder watch;
};

}  // namespace

TEST_F(io_uring, loses_nothing_when_completions_overflow) {
    make({1, 2});
    std::vector<std::unique_ptr<watched>> many;
    for (int i = 0; i < 100; ++i) {
        many.push_back(std::make_unique<watched>(*io, io_events::read));
    }
    const time_point limit = io->now() + 10s;
    const auto wait_for = [&](watched& each) {
        while (!each.watch.readable() && io->now() < limit) {
            io->poll({limit, false});
        }
        each.pair.near.drain();
        each.watch.forget();
    };
    for (const auto& each : many) {
        each->pair.far.send("x");
    }
    for (const auto& each : many) {
        wait_for(*each);
    }
    for (const auto& each : many) {
        each->pair.far.send("x");
        wait_for(*each);
    }
    EXPECT_LT(io->now(), limit);
    for (const auto& each : many) {
        io->watch(each->watch, io_events::none);
        each->pair.near.close();
        EXPECT_TRUE(each->pair.far.sees_the_end());
    }
}

TEST_F(io_uring, calms_down_when_completions_overflow) {
    make({8, 16});
    std::vector<std::unique_ptr<watched>> many;
    for (int i = 0; i < 100; ++i) {
        many.push_back(std::make_unique<watched>(*io, both));  // all are writable, at once
    }
    int polls = 0;
    time_point deadline;
    do {
        deadline = io->now() + 10ms;
        io->poll({deadline, false});
    } while (io->now() < deadline && ++polls < 1000);
    EXPECT_LT(polls, 1000);
    for (const auto& each : many) {
        EXPECT_TRUE(each->watch.writable());
        io->watch(each->watch, io_events::none);
    }
}

TEST_F(io_uring, is_quick_to_make) {
    // It must not be felt where it is tried and refused; one in many may be interrupted.
    nanoseconds quickest = 1s;
    for (int i = 0; i < 20; ++i) {
        const time_point before = io->now();
        const io_uring_driver another;
        quickest = std::min(quickest, io->now() - before);
    }
    EXPECT_LT(quickest, 1ms);
}

TEST_F(io_uring, reports_what_cannot_be_polled_any_more_as_broken) {
    const int number = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::close(number);
    ends pair = socket_pair();
    ::dup3(*pair.near, number, O_CLOEXEC);
    recorder watch(number, true);
    io->watch(watch, both);
    ::close(number);  // before the kernel has seen the poll
    look();
    EXPECT_TRUE(watch.readable());
    EXPECT_TRUE(watch.writable());
    EXPECT_TRUE(watch.hung_up);
    watch.forget();
    look(3);
    EXPECT_EQ(watch.calls, 0) << "once is enough";
    io->watch(watch, io_events::none);
}

TEST_F(io_uring, in_a_child_goes_on_by_itself) {
    watched each(*io);
    look();
    each.watch.forget();
    EXPECT_TRUE(rondo_test::in_a_child([&] {
        each.pair.far.send("x");
        look(2);
        const bool told = each.watch.readable();
        io->watch(each.watch, io_events::none);
        return told;
    }));
    look();
    EXPECT_TRUE(each.watch.readable()) << "the parent is told as well";
    io->watch(each.watch, io_events::none);
}

TEST_F(io_uring, in_a_child_leaves_the_requests_of_its_parent_alone) {
    look();
    const ends theirs = socket_pair();
    recorder watch_of_child(*theirs.near, true);
    std::unique_ptr<watched> ours;
    EXPECT_TRUE(rondo_test::in_a_child(
        [&] {
            io->watch(watch_of_child, both);
            io.reset();
            return true;
        },
        [&] { ours = std::make_unique<watched>(*io); }));
    look();
    EXPECT_TRUE(ours->watch.writable());
    io->watch(ours->watch, io_events::none);
}
