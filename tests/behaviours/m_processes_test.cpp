// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "descriptors.hpp"
#include <rondo/testing/cancel_sweep.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace rondo;
using namespace std::chrono_literals;
using rondo::testing::cancel_sweep;
using rondo_test::pipe_pair;

namespace {

/// What a shell prints that runs `script`.
coro<std::string> output_of(std::string script, process_options options = {}) {
    options.stdout_ = stdio::pipe;
    auto p = co_await create_subprocess_exec("/bin/sh", "-c", script, options);
    const process_output printed = co_await p.communicate();
    EXPECT_EQ(p.returncode(), 0) << script;
    co_return printed.stdout_;
}

coro<int> status_of(std::string script) {
    auto p = co_await create_subprocess_shell(script);
    co_return co_await p.wait();
}

coro<process> sleeper() { return create_subprocess_exec("sleep", "1000"); }

/// Every child was reaped.
void expect_no_child() {
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

bool is_alive(int pid) { return ::kill(pid, 0) == 0; }

}  // namespace

// ---- B254: what a child is given

BEHAVIOUR(B254_a_child_talks_through_pipes) {
    run([&]() -> coro<void> {
        auto p = co_await create_subprocess_shell(
            "while read line; do echo \"<$line>\"; echo \"$line\" >&2; done",
            {.stdin_ = stdio::pipe, .stdout_ = stdio::pipe, .stderr_ = stdio::pipe});
        p.stdin_().write("one\n");
        EXPECT_EQ(co_await p.stdout_().readline(), "<one>\n");
        p.stdin_().write("two\n");
        EXPECT_EQ(co_await p.stdout_().readline(), "<two>\n");
        p.stdin_().close();
        EXPECT_EQ(co_await p.stderr_().read(), "one\ntwo\n");
        EXPECT_EQ(co_await p.wait(), 0);
    });
    expect_no_child();
}

BEHAVIOUR(B254_devnull_is_empty_and_keeps_nothing) {
    run([&]() -> coro<void> {
        EXPECT_EQ(co_await output_of("cat", {.stdin_ = stdio::devnull}), "");
        auto p = co_await create_subprocess_exec("echo", "x",
                                                 process_options{.stdout_ = stdio::devnull});
        EXPECT_EQ(co_await p.wait(), 0);
        EXPECT_THROW(p.stdout_(), std::runtime_error);
    });
}

BEHAVIOUR(B254_descriptors_of_the_caller_are_used_and_stay_the_callers) {
    run([&]() -> coro<void> {
        const pipe_pair in;
        const pipe_pair out;
        in.send("from a descriptor\n");
        auto p = co_await create_subprocess_exec(
            "head", "-n", "1", process_options{.stdin_ = in.read_end, .stdout_ = out.write_end});
        EXPECT_EQ(co_await p.wait(), 0);
        char text[64] = {};
        EXPECT_EQ(::read(out.read_end, text, sizeof text), 18);
        EXPECT_STREQ(text, "from a descriptor\n");
        EXPECT_GE(::fcntl(out.write_end, F_GETFD), 0);
    });
}

BEHAVIOUR(B254_stdin_stdout_and_stderr_may_change_places) {
    run([&]() -> coro<void> {
        const pipe_pair out;
        const int before = ::dup(1);
        ::dup2(out.write_end, 1);
        // Its stdout is our stderr, and the other way round.
        auto p =
            co_await create_subprocess_shell("echo to stderr >&2", {.stdout_ = 2, .stderr_ = 1});
        const int status = co_await p.wait();
        ::dup2(before, 1);
        ::close(before);
        EXPECT_EQ(status, 0);
        EXPECT_EQ(out.drain(), 10);
    });
}

BEHAVIOUR(B254_stderr_goes_where_stdout_goes) {
    run([&]() -> coro<void> {
        EXPECT_EQ(co_await output_of("echo a; echo b >&2; echo c", {.stderr_ = stdio::to_stdout}),
                  "a\nb\nc\n");
        const process_options wrong{.stdin_ = stdio::to_stdout};
        EXPECT_THROW(co_await create_subprocess_shell("true", wrong), std::invalid_argument);
    });
}

BEHAVIOUR(B254_the_environment_is_the_callers_or_the_one_given) {
    ::setenv("RONDO_TEST_VARIABLE", "inherited", 1);
    run([&]() -> coro<void> {
        const char* script = "echo \"$RONDO_TEST_VARIABLE,$OTHER\"";
        EXPECT_EQ(co_await output_of(script), "inherited,\n");
        environment changed;
        changed.set("RONDO_TEST_VARIABLE", "changed");
        changed.set("OTHER", "new");
        EXPECT_EQ(co_await output_of(script, {.env = &changed}), "changed,new\n");
        auto none = environment::empty();
        none.set("OTHER", "alone");
        EXPECT_EQ(
            co_await output_of("/usr/bin/env | grep -v -e ^PWD= -e ^_= -e ^SHLVL=", {.env = &none}),
            "OTHER=alone\n");
    });
    ::unsetenv("RONDO_TEST_VARIABLE");
}

BEHAVIOUR(B254_a_child_starts_in_its_cwd) {
    run([&]() -> coro<void> {
        const std::string here = std::filesystem::current_path().string();
        EXPECT_EQ(co_await output_of("pwd -P"), here + "\n");
        EXPECT_EQ(co_await output_of("pwd -P", {.cwd = "/dev"}), "/dev\n");
        // A relative program is one of that directory.
        auto p = co_await create_subprocess_exec("./sh", "-c", "true",
                                                 process_options{.cwd = "/usr/bin"});
        EXPECT_EQ(co_await p.wait(), 0);
    });
}

BEHAVIOUR(B254_a_child_may_begin_a_session_of_its_own) {
    run([&]() -> coro<void> {
        const char* leads = "test \"$(cut -d' ' -f6 /proc/$$/stat)\" = $$ && echo leads; true";
        EXPECT_EQ(co_await output_of(leads), "");
        EXPECT_EQ(co_await output_of(leads, {.start_new_session = true}), "leads\n");
    });
}

BEHAVIOUR(B254_a_child_has_the_descriptors_that_are_passed_and_no_other) {
    run([&]() -> coro<void> {
        const pipe_pair one;
        const pipe_pair other;
        const int leaked = ::dup(one.read_end);  // not close-on-exec, and not passed
        const int passed[] = {other.read_end, one.read_end};
        other.send("passed");
        const auto list = [](std::span<const int> also) -> coro<std::string> {
            auto ls = co_await create_subprocess_exec(
                "ls", "/proc/self/fd", process_options{.stdout_ = stdio::pipe, .pass_fds = also});
            co_return (co_await ls.communicate()).stdout_;
        };
        EXPECT_EQ(co_await list({}), "0\n1\n2\n3\n");  // 3 is the directory that it reads
        const std::string listed = co_await list(passed);
        EXPECT_EQ(std::count(listed.begin(), listed.end(), '\n'), 6) << listed;
        EXPECT_EQ(co_await output_of("head -c 6 <&" + std::to_string(other.read_end),
                                     {.pass_fds = passed}),
                  "passed");
        EXPECT_EQ(::fcntl(other.read_end, F_GETFD), FD_CLOEXEC);
        ::close(leaked);
    });
}

BEHAVIOUR(B254_signals_are_as_they_are_for_a_fresh_process) {
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    const auto ignored = std::signal(SIGPIPE, SIG_IGN);
    run([&]() -> coro<void> {
        const std::string masks =
            co_await output_of("grep -E '^Sig(Blk|Ign)' /proc/self/status | cut -f2");
        EXPECT_TRUE(masks.starts_with("0000000000000000\n")) << masks;
        // The C library ignores signals 32 and 33, which are its own.
        const auto ignored_there = std::stoull(masks.substr(17), nullptr, 16);
        EXPECT_EQ(ignored_there & 0x7fff'ffff, 0u) << masks;
    });
    std::signal(SIGPIPE, ignored);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

// ---- B255: communicate

BEHAVIOUR(B255_communicate_with_big_data_never_deadlocks) {
    run([&]() -> coro<void> {
        std::string large(4'000'000, 'x');
        large.back() = '\n';
        auto p = co_await create_subprocess_shell(
            "tee /dev/stderr",
            {.stdin_ = stdio::pipe, .stdout_ = stdio::pipe, .stderr_ = stdio::pipe});
        auto [out, err] = co_await p.communicate(large);
        EXPECT_TRUE(out == large) << out.size();
        EXPECT_TRUE(err == large) << err.size();
        EXPECT_EQ(p.returncode(), 0);
    });
    expect_no_child();
}

BEHAVIOUR(B255_a_child_that_does_not_read_its_input_is_no_error) {
    run([&]() -> coro<void> {
        auto p = co_await create_subprocess_shell("exec <&-; echo done",
                                                  {.stdin_ = stdio::pipe, .stdout_ = stdio::pipe});
        auto [out, err] = co_await p.communicate(std::string(1'000'000, 'x'));
        EXPECT_EQ(out, "done\n");
        EXPECT_EQ(err, "");
    });
}

BEHAVIOUR(B255_input_needs_a_pipe) {
    run([&]() -> coro<void> {
        auto p = co_await create_subprocess_exec("true");
        EXPECT_THROW(co_await p.communicate("input"), std::invalid_argument);
        auto [out, err] = co_await p.communicate();
        EXPECT_EQ(out + err, "");
        EXPECT_EQ(p.returncode(), 0);
    });
}

BEHAVIOUR(B255_what_a_cancelled_communicate_has_read_comes_with_the_next_one) {
    run([&]() -> coro<void> {
        auto [told, teller] = rondo::pipe();
        ::fcntl(teller.fileno(), F_SETFL, 0);
        auto p =
            co_await create_subprocess_shell("echo first; echo >&2; exec sleep 1000",
                                             {.stdout_ = stdio::pipe, .stderr_ = teller.fileno()});
        auto impatient = create_task(p.communicate());
        EXPECT_EQ(co_await told.readline(), "\n");
        impatient.cancel();
        EXPECT_THROW(co_await impatient, cancelled_error);
        EXPECT_EQ(p.returncode(), std::nullopt);
        p.kill();
        auto [out, err] = co_await p.communicate();
        EXPECT_EQ(out, "first\n");
        EXPECT_EQ(p.returncode(), -SIGKILL);
    });
}

// ---- B256: wait and returncode

BEHAVIOUR(B256_several_tasks_may_wait) {
    run([&]() -> coro<void> {
        auto p = co_await create_subprocess_shell("read line; exit 3", {.stdin_ = stdio::pipe});
        EXPECT_EQ(p.returncode(), std::nullopt);
        auto a = create_task(p.wait());
        auto b = create_task(p.wait());
        auto impatient = create_task(p.wait());
        co_await yield_now();
        impatient.cancel();
        p.stdin_().write("\n");
        EXPECT_EQ(co_await a, 3);
        EXPECT_EQ(co_await b, 3);
        EXPECT_THROW(co_await impatient, cancelled_error);
        EXPECT_EQ(co_await p.wait(), 3);
        EXPECT_EQ(p.returncode(), 3);
    });
}

BEHAVIOUR(B256_the_returncode_is_the_status_or_minus_the_signal) {
    run([&]() -> coro<void> {
        EXPECT_EQ(co_await status_of("exit 0"), 0);
        EXPECT_EQ(co_await status_of("exit 255"), 255);
        EXPECT_EQ(co_await status_of("kill -TERM $$"), -SIGTERM);
        auto killed = co_await sleeper();
        killed.kill();
        EXPECT_EQ(co_await killed.wait(), -SIGKILL);
        auto asked = co_await sleeper();
        asked.terminate();
        EXPECT_EQ(co_await asked.wait(), -SIGTERM);
        auto interrupted = co_await sleeper();
        interrupted.send_signal(SIGINT);
        EXPECT_EQ(co_await interrupted.wait(), -SIGINT);
    });
    expect_no_child();
}

BEHAVIOUR(B256_the_end_is_noticed_though_nobody_waits) {
    run([&]() -> coro<void> {
        auto p = co_await create_subprocess_exec("true");
        auto other = co_await create_subprocess_shell("read line", {.stdin_ = stdio::pipe});
        EXPECT_EQ(co_await p.wait(), 0);
        other.kill();
        while (!other.returncode()) {
            co_await yield_now();
        }
        EXPECT_FALSE(is_alive(other.pid()));
    });
}

BEHAVIOUR(B256_processes_work_in_a_loop_off_the_main_thread) {
    std::thread([&] {
        run([&]() -> coro<void> { EXPECT_EQ(co_await output_of("echo there"), "there\n"); });
    }).join();
}

BEHAVIOUR(B256_a_status_that_somebody_else_took_is_255) {
    const auto before = std::signal(SIGCHLD, SIG_IGN);  // the kernel reaps
    run([&]() -> coro<void> {
        get_running_loop().set_exception_handler(
            [&](event_loop&, const exception_context& about) { note(about.message); });
        auto p = co_await create_subprocess_exec("true");
        EXPECT_EQ(co_await p.wait(), 255);
    });
    std::signal(SIGCHLD, before);
    EXPECT_THAT(trace(), ::testing::HasSubstr("SIGCHLD is ignored"));
}

// ---- B257: cancellation while a process is made

BEHAVIOUR(B257_a_cancelled_creation_starts_nothing) {
    run([&]() -> coro<void> {
        current_task().cancel();
        EXPECT_THROW(static_cast<void>(co_await sleeper()), cancelled_error);
    });
    expect_no_child();
}

BEHAVIOUR(B257_a_cancellation_at_any_point_leaves_no_process) {
    const auto scenario = []() -> coro<void> {
        auto p = co_await create_subprocess_exec(
            "cat", process_options{.stdin_ = stdio::pipe, .stdout_ = stdio::pipe});
        auto [out, err] = co_await p.communicate("some input");
        EXPECT_EQ(out, "some input");
        auto endless = co_await sleeper();
        co_await yield_now();
    };
    EXPECT_GT(cancel_sweep(scenario, expect_no_child), 2);
}

// ---- B258: the end of the object

BEHAVIOUR(B258_a_process_that_is_let_go_is_killed_and_reaped) {
    int pid = 0;
    run([&]() -> coro<void> {
        {
            auto p = co_await sleeper();
            pid = p.pid();
            EXPECT_TRUE(is_alive(pid));
        }
        auto kept = co_await sleeper();
        EXPECT_NE(kept.pid(), pid);
        kept = co_await create_subprocess_exec("true");
        co_await kept.wait();
    });
    EXPECT_FALSE(is_alive(pid));
    expect_no_child();
}

BEHAVIOUR(B258_a_process_that_has_ended_is_left_alone) {
    run([&]() -> coro<void> {
        std::string grandchild;
        {
            auto p = co_await create_subprocess_shell("sleep 1000 >/dev/null & echo $!",
                                                      {.stdout_ = stdio::pipe});
            grandchild = co_await p.stdout_().read();
            EXPECT_EQ(co_await p.wait(), 0);
        }
        const int pid = std::stoi(grandchild);
        EXPECT_TRUE(is_alive(pid));
        ::kill(pid, SIGKILL);
    });
}

BEHAVIOUR(B258_processes_do_not_outlive_the_loop) {
    std::optional<process> outside;
    auto loop = make_loop();
    loop->run_until_complete([](std::optional<process>& to) -> coro<void> {
        to.emplace(co_await create_subprocess_exec("sleep", "1000"));
    }(outside));
    EXPECT_TRUE(is_alive(outside->pid()));
    loop->close();
    EXPECT_EQ(outside->returncode(), -SIGKILL);
    outside->kill();
    expect_no_child();
}

// ---- B259: signals to who is gone

BEHAVIOUR(B259_signals_to_a_finished_process_do_nothing) {
    run([&]() -> coro<void> {
        auto p = co_await create_subprocess_exec("true");
        EXPECT_EQ(co_await p.wait(), 0);
        p.terminate();
        p.kill();
        p.send_signal(SIGHUP);
        EXPECT_EQ(p.returncode(), 0);

        auto unnoticed = co_await create_subprocess_exec("true");
        while (::kill(unnoticed.pid(), 0) == 0) {  // a zombie answers, until it is reaped
            unnoticed.terminate();
            co_await yield_now();
        }
    });
    expect_no_child();
}

BEHAVIOUR(B259_a_signal_that_does_not_exist_is_an_error) {
    run([&]() -> coro<void> {
        auto p = co_await sleeper();
        EXPECT_THROW(p.send_signal(12'345), std::system_error);
    });
}

// ---- B260: pipes in other hands

BEHAVIOUR(B260_an_end_is_noticed_though_a_grandchild_holds_the_pipes) {
    run([&]() -> coro<void> {
        auto p = co_await create_subprocess_shell("sleep 1000 & echo $!; exit 4",
                                                  {.stdout_ = stdio::pipe});
        EXPECT_EQ(co_await p.wait(), 4);
        const int grandchild = std::stoi(co_await p.stdout_().readline());
        EXPECT_TRUE(is_alive(grandchild));
        ::kill(grandchild, SIGKILL);
        EXPECT_EQ(co_await p.stdout_().read(), "");
    });
}
