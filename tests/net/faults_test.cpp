// SPDX-License-Identifier: MIT
#include "errno_of.hpp"
#include <rondo/os/pipe.hpp>
#include <rondo/rondo.hpp>
#include <rondo/testing/fault_plan.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace rondo;
using namespace std::chrono_literals;
namespace sim = rondo::testing;
using rondo_test::errno_of;
using sim::call;

namespace {

coro<void> echo(stream s) {
    const auto line = co_await s.readline();
    s.write(line);
    co_await s.drain();
}

coro<void> wait_closed(stream_writer& w) { co_await w.wait_closed(); }

}  // namespace

TEST(faults, who_reads_from_a_connection_that_was_lost_gets_its_end) {
    const auto main_ = []() -> coro<void> {
        auto [a, b] = sim::memory_stream_pair();
        a.write("never sent");
        EXPECT_EQ(co_await a.read(), "");
        EXPECT_EQ(co_await b.read(), "");
    };
    sim::fault_plan plan;
    plan.fail(call::send, 1, ENOBUFS);
    sim::run(main_(), {.faults = &plan});
    EXPECT_EQ(plan.failed(), 1);
}

TEST(faults, what_had_come_before_a_connection_was_lost_can_be_read) {
    const auto main_ = []() -> coro<void> {
        auto [a, b] = sim::memory_stream_pair();
        b.write("early answer");
        co_await sleep(1s);
        a.write("never sent");
        EXPECT_EQ(co_await a.read(), "early answer");
        EXPECT_EQ(co_await errno_of(a.drain()), ENOBUFS);
    };
    sim::fault_plan plan;
    plan.fail(call::send, 2, ENOBUFS);
    sim::run(main_(), {.faults = &plan});
}

TEST(faults, a_pipe_that_was_lost_is_closed_by_write_eof) {
    const auto main_ = []() -> coro<void> {
        auto [reader, writer] = pipe();
        writer.write("never written");
        writer.write_eof();
        EXPECT_EQ(co_await errno_of(wait_closed(writer)), EIO);
        EXPECT_EQ(co_await reader.read(), "");
    };
    sim::fault_plan plan;
    plan.fail(call::write, 1, EIO);
    sim::run(main_(), {.faults = &plan});
}

TEST(faults, a_descriptor_that_cannot_be_taken_over_is_closed) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    sim::fault_plan plan;
    plan.fail(call::fcntl, 1, ENOMEM);
    {
        const sim::fault_plan::guard faults(&plan);
        EXPECT_THROW(stream_reader reader(ends[0]), std::system_error);
    }
    EXPECT_EQ(::fcntl(ends[0], F_GETFD), -1);
    ::close(ends[1]);
}

TEST(faults, a_server_whose_listener_cannot_be_watched_tries_again) {
    const auto main_ = []() -> coro<void> {
        int reported = 0;
        get_running_loop().set_exception_handler([&](auto&&...) { ++reported; });
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        co_await sim::wait_all_tasks_blocked();
        auto client = co_await open_connection("127.0.0.1", server.port());
        client.write("hello\n");
        EXPECT_EQ(co_await client.readline(), "hello\n");
        EXPECT_EQ(reported, 1);
    };
    sim::fault_plan plan;
    plan.fail(call::epoll_ctl, 2, ENOMEM);  // the first one is the loop's own
    sim::run(main_(), {.faults = &plan});
}
