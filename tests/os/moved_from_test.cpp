// SPDX-License-Identifier: MIT
// What was moved from says that it is closed.
#include "errno_of.hpp"
#include <rondo/core/run.hpp>
#include <rondo/os/file.hpp>
#include <rondo/os/subprocess.hpp>
#include <rondo/testing/run.hpp>

#include <cerrno>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include <gtest/gtest.h>

using namespace rondo;
using rondo_test::errno_of_call;

TEST(a_file_that_was_moved_from, is_closed) {
    rondo::testing::run([]() -> coro<void> {
        auto moved = co_await open_file("/dev/null", "r+");
        const file now = std::move(moved);
        EXPECT_TRUE(moved.is_closed());
        EXPECT_EQ(moved.fileno(), -1);
        EXPECT_EQ(moved.path(), "");
        EXPECT_EQ(errno_of_call([&] { static_cast<void>(moved.read()); }), EBADF);
        EXPECT_EQ(errno_of_call([&] { static_cast<void>(moved.readline()); }), EBADF);
        EXPECT_EQ(errno_of_call([&] { static_cast<void>(moved.write("x")); }), EBADF);
        EXPECT_EQ(errno_of_call([&] { static_cast<void>(moved.seek(0)); }), EBADF);
        EXPECT_EQ(errno_of_call([&] { static_cast<void>(moved.tell()); }), EBADF);
        co_await moved.close();
        EXPECT_FALSE(now.is_closed());
    }());
}

TEST(a_process_that_was_moved_from, is_none) {
    rondo::testing::run([]() -> coro<void> {
        auto moved = co_await create_subprocess_exec("cat", {.stdin_ = stdio::pipe});
        process now = std::move(moved);
        EXPECT_EQ(moved.pid(), -1);
        EXPECT_EQ(moved.returncode(), std::nullopt);
        moved.terminate();
        moved.kill();
        EXPECT_THROW(moved.send_signal(1), std::runtime_error);
        EXPECT_THROW(moved.stdin_(), std::runtime_error);
        EXPECT_THROW(static_cast<void>(moved.wait()), std::runtime_error);
        EXPECT_THROW(static_cast<void>(moved.communicate()), std::runtime_error);
        now.stdin_().close();
        const int status = co_await now.wait();
        EXPECT_EQ(status, 0);
    }());
}
