// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/event_loop.hpp>
#include <rondo/core/run.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/testing/sim_driver.hpp>

#include <optional>
#include <ostream>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>

#include <gtest/gtest.h>

namespace rondo_test {

enum class world { epoll, io_uring, simulated, simulated_network };
enum class ending { closed, destroyed, closed_by_another };

inline void PrintTo(world w, std::ostream* to) {
    constexpr const char* names[] = {"epoll", "io_uring", "simulated", "simulated_network"};
    *to << names[static_cast<int>(w)];
}
inline void PrintTo(ending e, std::ostream* to) {
    constexpr const char* names[] = {"closed", "destroyed", "closed_by_another"};
    *to << names[static_cast<int>(e)];
}

/// A test of what outlives its loop, on each driver, however that loop ends.
class ended_loops : public ::testing::TestWithParam<std::tuple<world, ending>> {
protected:
    void SetUp() override {
        try {
            loop_ = make_loop();
        } catch (const std::system_error& e) {
            GTEST_SKIP() << "this driver is not to be had here: " << e.what();
        }
    }

    static world where() { return std::get<world>(GetParam()); }
    /// Whether sockets go on without their loop: simulated ones are nothing without it.
    static bool sockets_go_on() { return where() != world::simulated_network; }

    static rondo::box<rondo::event_loop> make_loop() {
        switch (where()) {
            case world::epoll:
                return rondo::make_box<rondo::event_loop>(rondo::driver_kind::epoll);
            case world::io_uring:
                return rondo::make_box<rondo::event_loop>(rondo::driver_kind::io_uring);
            case world::simulated:
                return rondo::testing::make_sim_loop();
            case world::simulated_network:
                break;
        }
        return rondo::testing::make_sim_loop(std::nullopt, rondo::testing::network_link{});
    }

    /// In the loop that is going to end.
    template <class F>
    void run(F body) {
        loop_->run_until_complete(body());
    }
    /// Tasks that are pending then are reported, which is none of what is tested.
    void end_loop() {
        loop_->set_exception_handler([](rondo::event_loop&, const rondo::exception_context&) {});
        switch (std::get<ending>(GetParam())) {
            case ending::closed:
                loop_->close();
                break;
            case ending::destroyed:
                loop_ = {};
                break;
            case ending::closed_by_another:
                rondo::run([this]() -> rondo::coro<void> {
                    loop_->close();
                    co_await rondo::yield_now();
                }());
                break;
        }
    }
    /// In a loop of the same kind.
    template <class F>
    static void run_in_the_next(F body) {
        make_loop()->run_until_complete(body());
    }

private:
    rondo::box<rondo::event_loop> loop_;
};

inline std::string ended_loop_name(
    const ::testing::TestParamInfo<std::tuple<world, ending>>& info) {
    return ::testing::PrintToString(std::get<world>(info.param)) + "_" +
           ::testing::PrintToString(std::get<ending>(info.param));
}

#define WHEREVER_A_LOOP_ENDS(suite)                                                                \
    INSTANTIATE_TEST_SUITE_P(                                                                      \
        loops, suite,                                                                              \
        ::testing::Combine(                                                                        \
            ::testing::Values(rondo_test::world::epoll, rondo_test::world::io_uring,               \
                              rondo_test::world::simulated, rondo_test::world::simulated_network), \
            ::testing::Values(rondo_test::ending::closed, rondo_test::ending::destroyed,           \
                              rondo_test::ending::closed_by_another)),                             \
        rondo_test::ended_loop_name)

}  // namespace rondo_test
