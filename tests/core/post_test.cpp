// SPDX-License-Identifier: MIT

// What other threads ask of a loop.
#include <rondo/core/driver.hpp>
#include <rondo/rondo.hpp>

#include <string_view>

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
