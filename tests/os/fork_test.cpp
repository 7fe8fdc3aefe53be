// SPDX-License-Identifier: MIT

// The child of a fork has a copy of the loop, and what the kernel keeps for it is the parent's: the
// parent notices nothing of what the child does, and the child goes on with its own.
#include "driver_name.hpp"
#include "emulated.hpp"
#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/run.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/core/task.hpp>
#include <rondo/core/wait_for.hpp>
#include <rondo/net/socket.hpp>
#include <rondo/os/pipe.hpp>
#include <rondo/os/signals.hpp>
#include <rondo/os/subprocess.hpp>
#include <rondo/testing/run.hpp>
#include <rondo/threads/to_thread.hpp>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

class fork_test : public ::testing::TestWithParam<driver_kind> {
protected:
    void SetUp() override {
        RONDO_SKIP_WHEN_EMULATED("QEMU does not wipe in the child what is to be wiped there");
        try {
            event_loop loop(GetParam());
        } catch (const std::system_error& e) {
            GTEST_SKIP() << "this driver is not to be had here: " << e.what();
        }
    }
    void run(coro<void> main) const {
        rondo::testing::run_on(make_box<event_loop>(GetParam()), std::move(main));
    }
};

INSTANTIATE_TEST_SUITE_P(drivers, fork_test,
                         ::testing::Values(driver_kind::epoll, driver_kind::io_uring),
                         rondo_test::driver_name);

/// How the child ended, looked for without blocking the loop.
coro<int> exit_status(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, WNOHANG) == 0) {
        co_await sleep(1ms);
    }
    co_return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_P(fork_test, what_the_child_closes_is_watched_on_by_the_parent) {
    run([]() -> coro<void> {
        auto [in, out] = pipe();
        auto reading = create_task(in.readline());
        co_await sleep(1ms);
        const pid_t child = ::fork();
        if (child == 0) {
            in.close();
            ::_exit(0);
        }
        const int status = co_await exit_status(child);
        EXPECT_EQ(status, 0);
        out.write("hello\n");
        const std::string line = co_await wait_for(reading, 10s);
        EXPECT_EQ(line, "hello\n");
    }());
}

TEST_P(fork_test, the_child_goes_on_in_its_copy_of_the_loop) {
    run([]() -> coro<void> {
        auto [in, out] = pipe();
        auto reading = create_task(in.readline());
        co_await sleep(1ms);
        const pid_t child = ::fork();
        if (child == 0) {
            auto pair = socket::pair();
            auto receiving = create_task(pair.first.recv(1));
            co_await sleep(1ms);
            co_await pair.second.send("x");
            const std::string got = co_await receiving;
            auto thread = to_thread([] { return 7; });
            const int from_thread = co_await thread;
            ::_exit(got == "x" && from_thread == 7 && !reading.done() ? 0 : 1);
        }
        const int status = co_await exit_status(child);
        EXPECT_EQ(status, 0);
        EXPECT_FALSE(reading.done());
        out.write("hello\n");
        const std::string line = co_await wait_for(reading, 10s);
        EXPECT_EQ(line, "hello\n");
    }());
}

TEST_P(fork_test, the_child_has_a_pool_of_threads_of_its_own) {
    if (RONDO_THREAD_SANITIZED) {
        GTEST_SKIP() << "ThreadSanitizer ends a child that starts threads";
    }
    run([]() -> coro<void> {
        auto before = to_thread([] { return 1; });
        EXPECT_EQ(co_await before, 1);
        const pid_t child = ::fork();
        if (child == 0) {
            auto thread = to_thread([] { return 7; });
            const int got = co_await thread;
            co_await shutdown_default_executor();
            ::_exit(got == 7 ? 0 : 1);
        }
        const int status = co_await exit_status(child);
        EXPECT_EQ(status, 0);
        auto after = to_thread([] { return 2; });
        EXPECT_EQ(co_await after, 2);
    }());
}

TEST_P(fork_test, a_child_that_unwinds_leaves_the_processes_of_its_parent_alone) {
    const auto loop = make_box<event_loop>(GetParam());
    pid_t child = -1;
    const auto main_ = [&]() -> coro<void> {
        process_options options;
        options.stdin_ = stdio::pipe;
        auto program = co_await create_subprocess_exec("cat", options);
        auto waiting = create_task(to_thread([] { ::usleep(20'000); }));
        co_await sleep(1ms);
        child = ::fork();
        if (child == 0) {
            bool refused = false;
            try {
                program.send_signal(SIGTERM);
            } catch (const std::system_error& e) {
                refused = e.code().value() == ECHILD;
            }
            throw system_exit(refused ? 7 : 8);
        }
        const int status = co_await exit_status(child);
        EXPECT_EQ(status, 7);
        EXPECT_EQ(program.returncode(), std::nullopt) << "it lives";
        program.stdin_().close();
        const int ended = co_await program.wait();
        EXPECT_EQ(ended, 0);
        co_await waiting;
    };
    try {
        rondo::run(main_(), {.driver = GetParam()});
    } catch (const system_exit& e) {
        ::_exit(e.code());
    }
}

TEST_P(fork_test, signals_of_the_child_are_its_own) {
    run([]() -> coro<void> {
        int caught = 0;
        add_signal_handler(SIGUSR1, [&] { ++caught; });
        co_await sleep(1ms);
        const pid_t child = ::fork();
        if (child == 0) {
            ::raise(SIGUSR1);
            for (int i = 0; i < 1000 && caught == 0; ++i) {
                co_await sleep(1ms);
            }
            ::_exit(caught == 1 ? 0 : 1);
        }
        const int status = co_await exit_status(child);
        EXPECT_EQ(status, 0);
        EXPECT_EQ(caught, 0);
        ::raise(SIGUSR1);
        while (caught == 0) {
            co_await sleep(1ms);
        }
        remove_signal_handler(SIGUSR1);
    }());
}
