// SPDX-License-Identifier: MIT
#include "errno_of.hpp"
#include <rondo/rondo.hpp>
#include <rondo/testing/fault_plan.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace sim = rondo::testing;
using sim::call;
using sim::fault_plan;

namespace {

/// A file that goes with the test.
class temporary_file {
public:
    temporary_file() { ::close(::mkstemp(path_)); }
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    ~temporary_file() { ::unlink(path_); }
    std::string path() const { return path_; }

private:
    char path_[32] = "/tmp/rondo_fault_XXXXXX";
};

coro<void> write_and_read(std::string path, std::string text) {
    co_await write_file(path, text);
    EXPECT_EQ(co_await read_file(path), text);
}

int errno_of_run(coro<void> main_, fault_plan& plan) {
    return rondo_test::errno_of_call([&] { sim::run(std::move(main_), {.faults = &plan}); });
}

}  // namespace

TEST(fault_plan, a_disk_that_is_full_is_an_error_of_the_file) {
    const temporary_file file;
    fault_plan plan;
    plan.fail(call::write, 1, ENOSPC);
    EXPECT_EQ(errno_of_run(write_and_read(file.path(), "text"), plan), ENOSPC);
    EXPECT_EQ(plan.failed(), 1);
    EXPECT_EQ(plan.describe(), "write 1: No space left on device");
}

TEST(fault_plan, files_survive_short_transfers_and_interruptions) {
    const temporary_file file;
    fault_plan plan;
    plan.shorten(3);
    plan.fail(call::write, 2, EINTR, 2);
    plan.fail(call::pread, 1, EINTR);
    plan.fail(call::open, 1, EINTR);
    EXPECT_EQ(errno_of_run(write_and_read(file.path(), "a text of many bytes"), plan), 0);
    EXPECT_EQ(plan.failed(), 4);
    EXPECT_GE(plan.calls(call::write), 9);
}

TEST(fault_plan, the_nth_call_of_any_kind_can_be_failed) {
    const auto nothing = []() -> coro<void> { co_return; };
    fault_plan plan;
    plan.fail_any(1, EMFILE);
    EXPECT_EQ(errno_of_run(nothing(), plan), EMFILE);
    ASSERT_FALSE(plan.history().empty());
    EXPECT_EQ(plan.history().front(), call::epoll_create);
}

TEST(fault_plan, simulated_sockets_are_refused_like_real_ones) {
    const auto main_ = []() -> coro<void> {
        auto [a, b] = sim::memory_stream_pair();
        a.write("x");
        co_await b.read(1);
    };
    fault_plan plan;
    plan.fail(call::recv, 1, ECONNRESET);
    EXPECT_EQ(errno_of_run(main_(), plan), ECONNRESET);
}

TEST(fault_plan, it_ends_with_the_run) {
    const auto nothing = []() -> coro<void> { co_return; };
    fault_plan plan;
    sim::run(nothing(), {.faults = &plan});
    const auto calls = plan.history().size();
    sim::run(nothing());
    EXPECT_EQ(plan.history().size(), calls);
}

TEST(fault_plan, what_cannot_be_is_refused) {
    fault_plan plan;
    EXPECT_THROW(plan.fail(call::recv, 0, EINTR), std::invalid_argument);
    EXPECT_THROW(plan.fail(call::recv, 1, -EINTR), std::invalid_argument);
    EXPECT_THROW(plan.fail_any(1, EINTR, 0), std::invalid_argument);
}
