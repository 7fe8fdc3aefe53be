// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>

#include <string>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

const std::string much(1 << 20, 'x');

/// Writes first and reads then, however much that is.
coro<std::string> write_then_read(stream s) {
    s.write(much);
    co_await s.drain();
    co_return co_await s.read();
}

}  // namespace

TEST(closing, a_stream_that_still_sends_does_not_keep_the_other_side_from_writing) {
    const auto main_ = []() -> coro<void> {
        auto [a, b] = rondo::testing::memory_stream_pair();
        auto other = create_task(write_then_read(std::move(b)));
        a.write(much);
        a.close();
        EXPECT_EQ(co_await other, much);
        co_await a.wait_closed();
    };
    rondo::testing::run(main_());
}

TEST(closing, what_was_written_before_arrives_through_the_kernel_too) {
    const auto main_ = []() -> coro<void> {
        std::string got;
        const auto handler = [&got](stream s) -> coro<void> {
            got = co_await write_then_read(std::move(s));
        };
        auto server = co_await start_server(handler, "127.0.0.1", 0);
        {
            auto client = co_await open_connection("127.0.0.1", server.port());
            client.write(std::string(64 << 20, 'y'));
        }
        server.close();
        co_await server.wait_closed();
        EXPECT_EQ(got.size(), std::size_t{64} << 20);
    };
    rondo::run(main_());
}
