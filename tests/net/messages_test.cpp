// SPDX-License-Identifier: MIT
// Errors say what was asked for, and what would help.
#include "temporary_path.hpp"
#include <rondo/io/stream.hpp>
#include <rondo/net/udp_socket.hpp>
#include <rondo/os/file.hpp>
#include <rondo/testing/run.hpp>

#include <exception>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo;
using namespace rondo_test;
using ::testing::HasSubstr;

namespace {

/// Two streams that are connected, with that limit.
std::pair<stream, stream> connected(std::size_t limit = stream::default_limit) {
    auto [near, far] = socket::pair();
    return {stream(std::move(near), limit), stream(std::move(far), limit)};
}

/// What the call, or the await of what it gives, throws.
template <class F>
coro<std::string> message_of(F call) {
    try {
        static_cast<void>(co_await call());
    } catch (const std::exception& e) {
        co_return e.what();
    }
    co_return "nothing was thrown";
}

}  // namespace

TEST(messages, of_sendfile_tell_that_a_file_cannot_be_read) {
    rondo::testing::run([]() -> coro<void> {
        const temporary_path at;
        auto [near, far] = connected();
        auto to_write = co_await open_file(at.string(), "w");
        EXPECT_THAT(co_await message_of([&] { return near.sendfile(to_write); }),
                    HasSubstr("sendfile " + at.string() + ": mode 'w' does not read"));
        co_await to_write.close();
        auto to_read = co_await open_file(at.string());
        co_await to_read.close();
        EXPECT_THAT(co_await message_of([&] { return near.sendfile(to_read); }),
                    HasSubstr("sendfile " + at.string() + ": the file is closed"));
    }());
}

TEST(messages, of_a_separator_that_comes_too_late_name_the_limit) {
    rondo::testing::run([]() -> coro<void> {
        auto [near, far] = connected(8);
        far.write("0123456789;");
        EXPECT_EQ(co_await message_of([&] { return near.readuntil(";"); }),
                  "readuntil: the separator is found, but only after the limit of 8 bytes");
        EXPECT_EQ(co_await message_of([&] { return near.readuntil("!"); }),
                  "readuntil: the separator is not found within the limit of 8 bytes");
        EXPECT_EQ(co_await message_of([&] { return near.readline(); }),
                  "readline: a line is longer than the limit of 8 bytes");
    }());
}

TEST(messages, of_a_datagram_to_nowhere_tell_what_to_do) {
    rondo::testing::run([]() -> coro<void> {
        auto s = udp_socket::unbound();
        EXPECT_THAT(co_await message_of([&] { return s.send("x"); }),
                    HasSubstr("send: connect() the socket first, or send_to()"));
    }());
}
