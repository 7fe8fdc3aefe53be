// SPDX-License-Identifier: MIT
// What was moved from says that it is closed.
#include "errno_of.hpp"
#include <rondo/core/run.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/io/stream.hpp>
#include <rondo/net/server.hpp>
#include <rondo/testing/run.hpp>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <gtest/gtest.h>

using namespace rondo;
using rondo_test::errno_of_call;
using namespace std::chrono_literals;

namespace {

coro<void> say_nothing(stream client) { co_await client.read(); }

}  // namespace

TEST(a_stream_that_was_moved_from, is_closed) {
    rondo::testing::run([]() -> coro<void> {
        auto [near, far] = socket::pair();
        stream moved(std::move(near));
        const stream now = std::move(moved);
        EXPECT_TRUE(moved.is_closing());
        EXPECT_TRUE(moved.at_eof());
        EXPECT_EQ(moved.write_buffer_size(), 0u);
        EXPECT_FALSE(moved.peername());
        moved.close();
        moved.abort();
        EXPECT_EQ(errno_of_call([&] { static_cast<void>(moved.readline()); }), EBADF);
        EXPECT_EQ(errno_of_call([&] { static_cast<void>(moved.readexactly(1)); }), EBADF);
        EXPECT_EQ(errno_of_call([&] { static_cast<void>(moved.readuntil(",")); }), EBADF);
        EXPECT_EQ(errno_of_call([&] { static_cast<void>(moved.wait_closed()); }), EBADF);
        EXPECT_EQ(errno_of_call([&] { moved.write_eof(); }), EBADF);
        EXPECT_EQ(errno_of_call([&] { moved.set_option(socket_option::no_delay, 1); }), EBADF);
        EXPECT_EQ(errno_of_call([&] { std::move(moved).split(); }), EBADF);
        EXPECT_FALSE(now.is_closing());
        co_return;
    }());
}

#ifndef NDEBUG
TEST(moved_from_death, a_stream_that_was_moved_from_is_not_written_to) {
    auto [near, far] = socket::pair();
    stream moved(std::move(near));
    const stream now = std::move(moved);
    EXPECT_DEATH(moved.write("x"), "the stream was moved from");
    EXPECT_DEATH(static_cast<void>(moved.read(1)), "a stream that was moved from");
}
#endif

TEST(a_server_that_was_moved_from, is_closed) {
    rondo::testing::run([]() -> coro<void> {
        auto moved = co_await start_server(say_nothing, "127.0.0.1", 0);
        const server now = std::move(moved);
        EXPECT_FALSE(moved.is_serving());
        EXPECT_EQ(moved.port(), 0);
        EXPECT_EQ(moved.connections(), 0u);
        EXPECT_TRUE(moved.sockets().empty());
        moved.close();
        moved.close_clients();
        moved.abort_clients();
        EXPECT_THROW(moved.start_serving(), std::runtime_error);
        EXPECT_THROW(static_cast<void>(moved.serve_forever()), std::runtime_error);
        EXPECT_THROW(static_cast<void>(moved.wait_closed()), std::runtime_error);
        EXPECT_THROW(static_cast<void>(moved.shutdown(1s)), std::runtime_error);
        EXPECT_TRUE(now.is_serving());
    }());
}
