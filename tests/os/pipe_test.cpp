// SPDX-License-Identifier: MIT
#include "errno_of.hpp"
#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/gather.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/core/task.hpp>
#include <rondo/core/wait_for.hpp>
#include <rondo/os/pipe.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/run.hpp>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace rondo;
using namespace std::chrono_literals;
using rondo::testing::cancel_sweep;
using rondo_test::errno_of;

namespace {

coro<void> write_all(stream_writer to, std::string data) {
    to.write(data);
    co_await to.drain();
    to.write_eof();
}

}  // namespace

TEST(pipe, lines_are_read_as_they_were_written) {
    rondo::testing::run([]() -> coro<void> {
        auto [reader, writer] = rondo::pipe();
        writer.write("one\ntwo\n\nrest");
        EXPECT_EQ(co_await reader.readline(), "one\n");
        EXPECT_EQ(co_await reader.readexactly(2), "tw");
        EXPECT_EQ(co_await reader.readuntil("\n"), "o\n");
        EXPECT_EQ(co_await reader.readline(), "\n");
        EXPECT_FALSE(reader.at_eof());
        writer.write_eof();
        EXPECT_TRUE(writer.is_closing());
        EXPECT_EQ(co_await reader.read(), "rest");
        EXPECT_TRUE(reader.at_eof());
        EXPECT_EQ(co_await reader.read(10), "");
    }());
}

TEST(pipe, what_a_pipe_does_not_hold_is_kept_until_it_is_read) {
    rondo::testing::run([]() -> coro<void> {
        std::string large(3'000'000, 'x');
        large.back() = 'y';
        auto [reader, writer] = rondo::pipe();
        writer.write(large);
        EXPECT_GT(writer.write_buffer_size(), 2'000'000u);
        writer.close();  // after all of it was sent
        EXPECT_EQ(co_await reader.read(), large);
        co_await writer.wait_closed();
        EXPECT_EQ(writer.fileno(), -1);
    }());
}

TEST(pipe, drain_waits_for_the_reader) {
    rondo::testing::run([]() -> coro<void> {
        auto [reader, writer] = rondo::pipe();
        std::string large(1'000'000, 'x');
        auto writing = write_all(std::move(writer), large);
        auto task = create_task(std::move(writing));
        co_await sleep(1s);
        EXPECT_FALSE(task.done());
        const std::string got = co_await reader.readexactly(large.size());
        EXPECT_EQ(got, large);
        co_await task;
    }());
}

TEST(pipe, a_reader_that_is_gone_is_an_error_and_no_signal) {
    rondo::testing::run([]() -> coro<void> {
        auto [reader, writer] = rondo::pipe();
        writer.write(std::string(1'000'000, 'x'));
        auto draining = create_task(errno_of(writer.drain()));
        co_await yield_now();
        reader.close();
        EXPECT_EQ(co_await draining, EPIPE);
        EXPECT_EQ(co_await errno_of(writer.drain()), EPIPE);
        writer.write("dropped");
        EXPECT_EQ(writer.write_buffer_size(), 0u);
        sigset_t pending;
        ::sigpending(&pending);
        EXPECT_EQ(::sigismember(&pending, SIGPIPE), 0);
    }());
}

TEST(pipe, closing_turns_away_the_one_who_reads) {
    rondo::testing::run([]() -> coro<void> {
        auto [reader, writer] = rondo::pipe();
        auto reading = create_task(errno_of(reader.readline()));
        co_await yield_now();
        EXPECT_THROW(co_await reader.readline(), std::runtime_error) << "one task at a time";
        reader.close();
        EXPECT_EQ(co_await reading, EBADF);
        EXPECT_TRUE(reader.is_closed());
        EXPECT_EQ(co_await errno_of(reader.read()), EBADF);
    }());
}

TEST(pipe, a_cancelled_read_loses_nothing) {
    rondo::testing::run([]() -> coro<void> {
        auto [reader, writer] = rondo::pipe();
        writer.write("half a ");
        EXPECT_THROW(co_await wait_for(reader.readline(), 1s), timeout_error);
        writer.write("line\n");
        EXPECT_EQ(co_await reader.readline(), "half a line\n");
    }());
    const auto scenario = []() -> coro<void> {
        auto [reader, writer] = rondo::pipe();
        auto writing = write_all(std::move(writer), std::string(200'000, 'x'));
        co_await gather(std::move(writing), reader.read());
    };
    EXPECT_GT(cancel_sweep(scenario), 3);
}

TEST(pipe, what_a_closed_loop_has_not_sent_is_an_error) {
    auto [reader, writer] = rondo::pipe();
    event_loop loop;
    loop.run_until_complete([](stream_writer& to) -> coro<void> {
        to.write(std::string(1'000'000, 'x'));
        co_return;
    }(writer));
    loop.close();
    EXPECT_EQ(rondo::testing::run(errno_of(writer.drain())), ECONNABORTED);
}

TEST(pipe, its_ends_are_closed_in_children_and_with_their_owners) {
    int ends[2];
    {
        const auto both = rondo::pipe();
        ends[0] = both.reader.fileno();
        ends[1] = both.writer.fileno();
        for (const int fd : ends) {
            EXPECT_EQ(::fcntl(fd, F_GETFD), FD_CLOEXEC);
            EXPECT_NE(::fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
        }
    }
    EXPECT_EQ(::fcntl(ends[0], F_GETFD), -1);
    EXPECT_EQ(::fcntl(ends[1], F_GETFD), -1);
}

TEST(pipe, a_descriptor_that_is_not_open_is_refused) {
    try {
        const stream_reader reader(12'345);
        ADD_FAILURE() << "it was taken";
    } catch (const std::system_error& e) {
        EXPECT_EQ(e.code().value(), EBADF);
        EXPECT_NE(std::string(e.what()).find("12345"), std::string::npos) << e.what();
    }
}
