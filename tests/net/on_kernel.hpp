// SPDX-License-Identifier: MIT
#pragma once

#include "driver_name.hpp"
#include "errno_of.hpp"
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <string>
#include <system_error>
#include <utility>

#include <gtest/gtest.h>

namespace rondo_test {

/// A test that is run on each of the kernel's drivers, in real time.
class on_kernel : public ::testing::TestWithParam<rondo::driver_kind> {
protected:
    void SetUp() override {
        try {
            rondo::event_loop loop(GetParam());
        } catch (const std::system_error& e) {
            GTEST_SKIP() << "this driver is not to be had here: " << e.what();
        }
    }

    /// Runs a coroutine function like rondo::run; leaks throw.
    template <class F>
    auto run(F&& body) const {
        return rondo::testing::run_on(rondo::make_box<rondo::event_loop>(GetParam()),
                                      std::forward<F>(body)());
    }
};

#define ON_EVERY_KERNEL_DRIVER(suite)                                               \
    INSTANTIATE_TEST_SUITE_P(                                                       \
        drivers, suite,                                                             \
        ::testing::Values(rondo::driver_kind::epoll, rondo::driver_kind::io_uring), \
        rondo_test::driver_name)

/// Two ends of one TCP connection.
struct connection_ends {
    connection_ends(rondo::stream a, rondo::stream b) : near(std::move(a)), far(std::move(b)) {}
    rondo::stream near;
    rondo::stream far;
};

inline rondo::coro<connection_ends> connected() {
    rondo::socket listener = rondo::socket::tcp();
    listener.bind("127.0.0.1", 0);
    listener.listen();
    rondo::socket client = rondo::socket::tcp();
    co_await client.connect(listener.getsockname());
    rondo::socket accepted = co_await listener.accept();
    co_return connection_ends(rondo::stream(std::move(client)), rondo::stream(std::move(accepted)));
}

/// Sends back what it gets, until the end.
inline rondo::coro<void> echo(rondo::stream client) {
    for (;;) {
        const std::string data = co_await client.read(100'000);
        if (data.empty()) {
            break;
        }
        client.write(data);
        co_await client.drain();
    }
    client.close();  // a parameter would live as long as the task that ran this
}

}  // namespace rondo_test
