// SPDX-License-Identifier: MIT
// Processes, pipes, files and signals that outlive their loop.
#include "ended_loops.hpp"
#include "errno_of.hpp"
#include <rondo/core/task.hpp>
#include <rondo/os/file.hpp>
#include <rondo/os/pipe.hpp>
#include <rondo/os/signals.hpp>
#include <rondo/os/subprocess.hpp>

#include <cerrno>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::errno_of;

namespace {

class outliving : public rondo_test::ended_loops {};

WHEREVER_A_LOOP_ENDS(outliving);

coro<void> read_one(stream_reader& s) { static_cast<void>(co_await s.read(1)); }
coro<void> drain(stream_writer& s) { co_await s.drain(); }

constexpr std::size_t more_than_a_pipe_holds = 1'000'000;

}  // namespace

TEST_P(outliving, a_process_was_killed_and_says_so) {
    std::optional<process> cat;
    run([&]() -> coro<void> {
        cat = co_await create_subprocess_exec(
            "cat", process_options{.stdin_ = stdio::pipe, .stdout_ = stdio::pipe});
        cat->stdin_().write(std::string(more_than_a_pipe_holds, 'x'));
        static_cast<void>(create_task(cat->wait()));
        static_cast<void>(create_task(drain(cat->stdin_())));
        co_await sleep(1ms);
    });
    end_loop();
    EXPECT_EQ(cat->returncode(), -SIGKILL);
    cat->kill();
    cat->terminate();
    cat->send_signal(SIGTERM);
    run_in_the_next([&]() -> coro<void> {
        EXPECT_EQ(co_await cat->wait(), -SIGKILL);
        EXPECT_EQ(co_await errno_of(cat->stdin_().drain()), ECONNABORTED);
        static_cast<void>(co_await cat->communicate());
    });
}

TEST_P(outliving, a_process_may_be_destroyed_later) {
    std::optional<process> cat;
    run([&]() -> coro<void> {
        cat = co_await create_subprocess_exec(
            "cat", process_options{.stdin_ = stdio::pipe, .stdout_ = stdio::pipe});
        cat->stdin_().write(std::string(more_than_a_pipe_holds, 'x'));
        static_cast<void>(create_task(cat->communicate()));
        co_await sleep(1ms);
    });
    end_loop();
    cat.reset();
}

TEST_P(outliving, a_pipe_goes_on_in_the_next_loop_without_what_was_not_sent) {
    std::optional<stream_reader> in;
    std::optional<stream_writer> out;
    std::optional<stream_reader> idle;
    std::optional<stream_writer> to_idle;
    run([&]() -> coro<void> {
        auto full = rondo::pipe();
        in.emplace(std::move(full.reader));
        out.emplace(std::move(full.writer));
        out->write(std::string(more_than_a_pipe_holds, 'x'));
        static_cast<void>(create_task(drain(*out)));
        auto empty = rondo::pipe();
        idle.emplace(std::move(empty.reader));
        to_idle.emplace(std::move(empty.writer));
        static_cast<void>(create_task(read_one(*idle)));
        co_await sleep(1ms);
    });
    end_loop();
    EXPECT_EQ(out->write_buffer_size(), 0u);
    run_in_the_next([&]() -> coro<void> {
        EXPECT_EQ(co_await errno_of(out->drain()), ECONNABORTED);
        out->close();
        EXPECT_EQ(co_await errno_of(out->wait_closed()), ECONNABORTED);
        const std::string left = co_await in->read();
        EXPECT_LT(left.size(), more_than_a_pipe_holds);
        to_idle->write("x");
        EXPECT_EQ(co_await idle->read(1), "x");
    });
}

TEST_P(outliving, a_file_goes_on_in_the_next_loop) {
    std::optional<file> f;
    run([&]() -> coro<void> {
        f = co_await open_file("/dev/zero", "r+");
        static_cast<void>(create_task(f->read(10'000'000)));
        static_cast<void>(create_task(f->write("x")));
        co_await yield_now();
    });
    end_loop();
    run_in_the_next([&]() -> coro<void> {
        EXPECT_EQ(co_await f->read(3), std::string(3, '\0'));
        co_await f->write("x");
        co_await f->close();
    });
}

TEST_P(outliving, a_source_of_signals_has_ended) {
    std::optional<signal_source> before;
    run([&]() -> coro<void> {
        before.emplace(signals({SIGUSR1}));
        add_signal_handler(SIGUSR2, [] {});
        static_cast<void>(create_task(before->next()));
        co_await sleep(1ms);
    });
    end_loop();
    EXPECT_THROW(remove_signal_handler(SIGUSR2), std::runtime_error) << "no loop runs";
    run_in_the_next([&]() -> coro<void> {
        EXPECT_EQ(co_await before->next(), std::nullopt);
        auto now = signals({SIGUSR1});
        EXPECT_FALSE(remove_signal_handler(SIGUSR2));
        ::raise(SIGUSR1);
        EXPECT_EQ(co_await now.next(), SIGUSR1);
        EXPECT_EQ(co_await before->next(), std::nullopt);
        co_await before->aclose();
    });
}
