// SPDX-License-Identifier: MIT
// Errors say what was asked for, and what would help.
#include "temporary_path.hpp"
#include <rondo/net/stream.hpp>
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
