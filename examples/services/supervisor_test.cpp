// SPDX-License-Identifier: MIT
#include "supervisor.hpp"

#include <rondo/testing/run.hpp>
#include <rondo/testing/sim_driver.hpp>

#include <stdexcept>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;
namespace sim = rondo::testing;

namespace {

/// Fails after a while, as often as it is told to.
struct fragile_service {
    int failures;
    nanoseconds lasts = 1s;
    int starts = 0;

    coro<void> operator()() {
        ++starts;
        co_await sleep(lasts);
        if (starts <= failures) {
            throw std::runtime_error("failure " + std::to_string(starts));
        }
    }
};

auto supervised(fragile_service& service, int& heard) {
    return supervise([&service] { return service(); }, restart_limit{},
                     [&heard](const std::exception_ptr&) { ++heard; });
}

}  // namespace

TEST(supervisor, a_service_that_fails_is_started_again_until_it_returns) {
    fragile_service service{.failures = 3};
    int heard = 0;
    sim::run(supervised(service, heard));
    EXPECT_EQ(service.starts, 4);
    EXPECT_EQ(heard, 3);
}

TEST(supervisor, one_that_fails_too_often_is_given_up_with_its_last_error) {
    fragile_service service{.failures = 1000};
    int heard = 0;
    try {
        sim::run(supervised(service, heard));
        ADD_FAILURE() << "it was never given up";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "failure 4");
    }
    EXPECT_EQ(heard, 3);
}

TEST(supervisor, failures_that_are_far_apart_are_forgiven) {
    fragile_service service{.failures = 100, .lasts = 1min};
    int heard = 0;
    sim::run(supervised(service, heard));
    EXPECT_EQ(service.starts, 101);
}

TEST(supervisor, a_cancelled_one_ends_its_service_and_starts_no_other) {
    fragile_service service{.failures = 100, .lasts = 1min};
    int heard = 0;
    sim::run([](fragile_service& service_, int& heard_) -> coro<void> {
        auto task = create_task(supervised(service_, heard_));
        co_await sleep(1s);
        task.cancel();
        EXPECT_FALSE((co_await as_outcome(task)).has_value());
    }(service, heard));
    EXPECT_EQ(service.starts, 1);
    EXPECT_EQ(heard, 0);
}
