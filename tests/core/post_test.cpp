// SPDX-License-Identifier: MIT

// What other threads ask of a loop.
#include <rondo/core/driver.hpp>
#include <rondo/rondo.hpp>

#include <numeric>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;

namespace {

/// A driver to which others post whenever it sleeps, and which counts how often they wake it.
class posted_to final : public driver {
public:
    std::string_view name() const noexcept override { return "posted to"; }
    time_point now() noexcept override { return time_point(); }
    void poll(wait until) override {
        if (until.deadline == time_point::min()) {
            return;
        }
        ++sleeps;
        for (int i = 0; i < posts; ++i) {
            loop->call_soon_threadsafe([this] { ++called; });
        }
        loop->call_soon_threadsafe([this] { loop->stop(); });
    }
    void wake() noexcept override { ++wakes; }
    void watch(fd_watch&, io_events) override {}

    static constexpr int posts = 20;
    event_loop* loop = nullptr;
    int sleeps = 0;
    int called = 0;
    int wakes = 0;
};

/// A driver that has nothing to tell, and counts how often it is asked.
class asked final : public driver {
public:
    std::string_view name() const noexcept override { return "asked"; }
    time_point now() noexcept override { return time_point(); }
    void poll(wait) override { ++polls; }
    void wake() noexcept override {}
    void watch(fd_watch&, io_events) override {}

    int polls = 0;
};

/// Posts itself again, until it has been called so many times.
struct echo {
    void operator()() const {
        if (times == 0) {
            loop->stop();
        } else {
            loop->call_soon_threadsafe(echo{loop, times - 1});
        }
    }
    event_loop* loop;
    int times;
};

}  // namespace

TEST(post, a_sleeping_loop_is_woken_once_however_many_post) {
    auto* io = new posted_to;
    event_loop loop{box<driver>(io)};
    io->loop = &loop;
    loop.run_forever();
    EXPECT_EQ(io->sleeps, 1);
    EXPECT_EQ(io->called, posted_to::posts);
    EXPECT_EQ(io->wakes, 1);
    loop.run_forever();
    EXPECT_EQ(io->wakes, 2) << "and again in its next sleep";
}

TEST(post, is_run_without_a_poll_but_does_not_keep_the_loop_from_polling) {
    auto* io = new asked;
    event_loop loop{box<driver>(io)};
    loop.call_soon_threadsafe(echo{&loop, 10'000});
    loop.run_forever();
    EXPECT_GE(io->polls, 10'000 / 200);
    EXPECT_LE(io->polls, 10'000 / 50);
}

TEST(post, is_run_in_the_order_of_the_calls_however_many_there_are) {
    event_loop loop;
    for (int count : {0, 1, 2, 3, 63, 64, 65, 1'000}) {  // also over the edge of the ring
        std::vector<int> run;
        for (int i = 0; i < count; ++i) {
            loop.call_soon_threadsafe([&run, i] { run.push_back(i); });
        }
        loop.call_soon_threadsafe([&loop] { loop.stop(); });
        loop.run_forever();
        std::vector<int> called(static_cast<std::size_t>(count));
        std::iota(called.begin(), called.end(), 0);
        EXPECT_EQ(run, called);
    }
}
