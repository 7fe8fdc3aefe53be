// SPDX-License-Identifier: MIT
#include "driver/spin.hpp"

#include "driver_name.hpp"
#include "sys/affinity.hpp"
#include <rondo/rondo.hpp>

#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using namespace rondo;
using detail::spin;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// A clock that moves by 1 us at each look.
struct ticking {
    time_point operator()() { return now += 1us; }
    time_point& now;
};

TEST(spin_test, one_core_is_refused_with_a_reason) {
    EXPECT_THAT([] { spin(50us, 1); },
                ThrowsMessage<std::invalid_argument>(HasSubstr("a machine with one core")));
    EXPECT_NO_THROW(spin(50us, 2));
    EXPECT_NO_THROW(spin(0us, 1)) << "not to spin is possible everywhere";
}

TEST(spin_test, a_negative_time_is_refused_with_its_value) {
    EXPECT_THAT([] { spin(-5ns, 2); }, ThrowsMessage<std::invalid_argument>(HasSubstr("-5 ns")));
}

TEST(spin_test, looks_until_there_is_something) {
    time_point now{};
    int looks = 0;
    EXPECT_TRUE(spin(50us, 2).until(time_point::max(), [&] { return ++looks == 3; }, ticking{now}));
    EXPECT_EQ(looks, 3);
}

TEST(spin_test, gives_up_after_its_time) {
    time_point now{};
    int looks = 0;
    EXPECT_FALSE(spin(50us, 2).until(time_point::max(), [&] { return ++looks < 0; }, ticking{now}));
    EXPECT_EQ(looks, 50);
}

TEST(spin_test, never_goes_on_past_the_deadline) {
    time_point now{};
    const time_point deadline = now + 10us;
    EXPECT_FALSE(spin(50us, 2).until(deadline, [] { return false; }, ticking{now}));
    EXPECT_EQ(now, deadline);
}

class spinning_loop : public testing::TestWithParam<driver_kind> {
protected:
    void SetUp() override {
        if (sys::online_cores() < 2) {
            GTEST_SKIP() << "there is one core";
        }
        try {
            const event_loop loop(GetParam());
        } catch (const std::system_error& error) {
            GTEST_SKIP() << error.what();
        }
    }
};

TEST_P(spinning_loop, is_woken_and_keeps_its_timers) {
    const auto main = []() -> coro<int> {
        const time_point begin = get_running_loop().time();
        co_await sleep(2ms);  // Longer than it spins, so it sleeps as well.
        EXPECT_GE(get_running_loop().time() - begin, 2ms);
        co_return co_await to_thread([] { return 42; });
    };
    EXPECT_EQ(run(main(), {.driver = GetParam(), .spin = 50us}), 42);
}

TEST_P(spinning_loop, sees_what_a_socket_brings) {
    const auto main = []() -> coro<std::string> {
        auto [near, far] = socket::pair();
        auto sending = create_task([](socket& to) -> coro<void> {
            co_await sleep(20us);
            co_await to.sendall("news");
        }(far));
        std::string got = co_await near.recv(16);
        co_await sending;
        co_return got;
    };
    EXPECT_EQ(run(main(), {.driver = GetParam(), .spin = 10ms}), "news");
}

INSTANTIATE_TEST_SUITE_P(drivers, spinning_loop,
                         testing::Values(driver_kind::epoll, driver_kind::io_uring),
                         rondo_test::driver_name);

}  // namespace
