// SPDX-License-Identifier: MIT
#include "emulated.hpp"
#include <rondo/core/driver.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/run.hpp>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

using namespace rondo;
using ::testing::AllOf;
using ::testing::HasSubstr;

namespace {

/// An environment variable for the time of a test.
class variable {
public:
    variable(const char* name, const char* value) : name_(name) {
        const char* const now = std::getenv(name);
        had_ = now != nullptr;
        before_ = had_ ? now : "";
        value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1);
    }
    ~variable() { had_ ? ::setenv(name_, before_.c_str(), 1) : ::unsetenv(name_); }

private:
    const char* name_;
    bool had_ = false;
    std::string before_;
};

std::string chosen(const char* wanted, driver_kind kind = driver_kind::automatic) {
    const variable set("RONDO_DRIVER", wanted);
    return std::string(event_loop(kind).driver_name());
}

/// From now on the kernel answers EPERM to io_uring_setup, as in many containers.
void forbid_io_uring() {
    sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{std::size(rules), rules};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        std::fputs("no seccomp here", stderr);
        std::_Exit(1);
    }
}

/// Why there is no io_uring here; empty when there is.
std::string refusal() {
    try {
        const event_loop loop(driver_kind::io_uring);
        return "";
    } catch (const std::system_error& e) {
        return e.what();
    }
}

}  // namespace

TEST(choice, is_epoll_where_nobody_asks) {
    EXPECT_EQ(chosen(nullptr), "epoll");
    EXPECT_EQ(chosen(""), "epoll");
    EXPECT_EQ(chosen("auto"), "epoll");
    EXPECT_EQ(chosen("epoll"), "epoll");
}

TEST(choice, follows_the_environment) {
    if (const std::string why = refusal(); !why.empty()) {
        GTEST_SKIP() << why;
    }
    EXPECT_EQ(chosen("io_uring"), "io_uring");
    EXPECT_EQ(chosen("io_uring", driver_kind::epoll), "epoll") << "the program has the last word";
    EXPECT_EQ(chosen("epoll", driver_kind::io_uring), "io_uring");
}

TEST(choice, is_an_option_of_run) {
    if (const std::string why = refusal(); !why.empty()) {
        GTEST_SKIP() << why;
    }
    const auto name = []() -> coro<std::string> {
        co_return std::string(get_running_loop().driver_name());
    };
    EXPECT_EQ(rondo::run(name(), {.driver = driver_kind::io_uring}), "io_uring");
}

TEST(choice, refuses_a_driver_that_it_does_not_know) {
    EXPECT_THAT([] { chosen("kqueue"); },
                ::testing::ThrowsMessage<std::invalid_argument>(
                    AllOf(HasSubstr("RONDO_DRIVER=kqueue"), HasSubstr("epoll or io_uring"))));
}

TEST(choice_DeathTest, of_io_uring_is_refused_with_a_reason_where_the_kernel_forbids_it) {
    RONDO_SKIP_WHEN_EMULATED("QEMU takes no seccomp filter");
    const auto refused = [] {
        forbid_io_uring();
        std::fputs(refusal().c_str(), stderr);
        std::_Exit(chosen(nullptr) == "epoll" ? 0 : 2);
    };
    EXPECT_EXIT(refused(), ::testing::ExitedWithCode(0),
                "io_uring cannot be used here, but epoll can .a seccomp filter.*io_uring_setup: "
                "Operation not permitted");
}

TEST(choice_DeathTest, is_said_in_debug_mode) {
    RONDO_SKIP_WHEN_EMULATED("the kernel cannot start this program again by itself");
    // The variable is read once, so that this needs a process of its own.
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const variable debug("RONDO_DEBUG", "1");
    const auto say = [] {
        chosen("epoll");
        std::_Exit(0);
    };
    EXPECT_EXIT(say(), ::testing::ExitedWithCode(0), "^rondo: event loop on epoll\n$");
}
