// SPDX-License-Identifier: MIT

// How often a loop that has work looks at the kernel.
#include <rondo/core/driver.hpp>
#include <rondo/rondo.hpp>

#include <string_view>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

/// Time passes when somebody says so, and while the loop sleeps.
class by_hand final : public driver {
public:
    std::string_view name() const noexcept override { return "by hand"; }
    time_point now() noexcept override { return time; }
    void poll(wait until) override {
        ++polls;
        if (until.deadline != time_point::min() && until.deadline > time) {
            time = until.deadline;
        }
    }
    void wake() noexcept override {}
    void watch(fd_watch&, io_events) override {}

    time_point time{};
    int polls = 0;
};

/// One callback that makes the next one ready, and so on.
struct chain {
    void operator()() const {
        first = is_first ? io->polls : first;
        last = io->polls;
        io->time += each;
        if (left > 1) {
            loop->call_soon(chain{*this, left - 1});
        }
    }
    chain(event_loop& in, by_hand& by, nanoseconds a_step, int steps, int& begin, int& end)
        : loop(&in), io(&by), each(a_step), left(steps), first(begin), last(end) {}
    chain(const chain& before, int steps) : chain(before) {
        left = steps;
        is_first = false;
    }

    event_loop* loop;
    by_hand* io;
    nanoseconds each;
    int left;
    bool is_first = true;
    int& first;
    int& last;
};

/// How many polls come within a chain of so many steps, each of which takes so long, when there
/// were such chains before, and pauses between them.
int polls_within(int steps, nanoseconds each) {
    auto* const io = new by_hand;
    event_loop loop{box<driver>(io)};
    int first = 0;
    int last = 0;
    for (int round = 1; round <= 3; ++round) {
        loop.call_later(round * 10s, chain(loop, *io, each, steps, first, last));
    }
    loop.call_later(40s, [&] { loop.stop(); });
    loop.run_forever();
    return last - first;
}

}  // namespace

TEST(polls, come_between_slow_steps_however_few_there_are) {
    EXPECT_EQ(polls_within(8, 1ms), 7);
    EXPECT_EQ(polls_within(100, 1ms), 99);
}

TEST(polls, let_quick_steps_alone) { EXPECT_EQ(polls_within(100, 10ns), 0); }

TEST(polls, come_after_128_steps_at_the_latest) { EXPECT_EQ(polls_within(257, 10ns), 2); }
