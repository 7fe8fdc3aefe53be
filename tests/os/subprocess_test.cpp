// SPDX-License-Identifier: MIT
#include "emulated.hpp"
#include <rondo/core/gather.hpp>
#include <rondo/os/subprocess.hpp>
#include <rondo/testing/run.hpp>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace rondo;

namespace {

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(all, std::filesystem::directory_iterator()));
}

/// How starting it fails: the text of the error, whose errno must be `expected`.
coro<std::string> failure_of(coro<process> starting, int expected) {
    try {
        co_await starting;
    } catch (const std::system_error& e) {
        EXPECT_EQ(e.code().value(), expected) << e.what();
        co_return e.what();
    } catch (const std::invalid_argument& e) {
        EXPECT_EQ(EINVAL, expected) << e.what();
        co_return e.what();
    }
    co_return "it was started";
}

/// A directory of its own, gone at the end.
class process_test : public ::testing::Test {
protected:
    process_test() {
        std::string name = (std::filesystem::temp_directory_path() / "rondo-XXXXXX").string();
        directory_ = ::mkdtemp(name.data());
    }
    ~process_test() override { std::filesystem::remove_all(directory_); }

    const std::string& directory() const { return directory_; }
    std::string path(const std::string& name) const { return directory_ + "/" + name; }
    /// Makes a script that only `mode` says who may run.
    std::string script(const std::string& name, const std::string& text, mode_t mode) const {
        std::ofstream(path(name)) << text;
        ::chmod(path(name).c_str(), mode);
        return path(name);
    }

private:
    std::string directory_;
};

}  // namespace

TEST_F(process_test, a_program_without_arguments_takes_options_in_braces) {
    rondo::testing::run([]() -> coro<void> {
        auto p = co_await create_subprocess_exec("pwd", {.stdout_ = stdio::pipe, .cwd = "/dev"});
        auto [out, err] = co_await p.communicate();
        EXPECT_EQ(out, "/dev\n");
    }());
}

TEST_F(process_test, arguments_are_strings_and_ranges_of_strings) {
    rondo::testing::run([]() -> coro<void> {
        const std::vector<std::string> more{"two words", "", "*"};
        const std::string last = "last";
        auto p = co_await create_subprocess_exec("printf", "<%s>", more, last,
                                                 process_options{.stdout_ = stdio::pipe});
        auto [out, err] = co_await p.communicate();
        EXPECT_EQ(out, "<two words><><*><last>");
    }());
}

TEST_F(process_test, what_the_options_refer_to_may_go_before_the_await) {
    rondo::testing::run([](std::string folder) -> coro<void> {
        auto starting = [&] {
            environment env;
            env.set("WORD", "kept");
            const std::string cwd = folder + "/.";
            return create_subprocess_shell("echo $WORD $PWD",
                                           {.stdout_ = stdio::pipe, .cwd = cwd, .env = &env});
        }();
        auto p = co_await starting;
        auto [out, err] = co_await p.communicate();
        EXPECT_EQ(out, "kept " + folder + "\n");
    }(directory()));
}

TEST_F(process_test, a_program_that_is_not_there_is_named) {
    RONDO_SKIP_WHEN_EMULATED("QEMU's vfork does not tell that exec failed");
    rondo::testing::run([]() -> coro<void> {
        const auto nowhere =
            co_await failure_of(create_subprocess_exec("rondo-no-such-program"), ENOENT);
        EXPECT_TRUE(nowhere.starts_with(
            "create_subprocess_exec: 'rondo-no-such-program' is not found in PATH, which is '/"))
            << nowhere;
        EXPECT_EQ(co_await failure_of(create_subprocess_exec("/no/such/program"), ENOENT),
                  "create_subprocess_exec: cannot start '/no/such/program': No such file or "
                  "directory");
        EXPECT_EQ(co_await failure_of(create_subprocess_exec(""), EINVAL),
                  "create_subprocess_exec: the name of the program is empty");
        const std::string nul("a\0b", 3);
        const auto cut = co_await failure_of(create_subprocess_exec("true", nul), EINVAL);
        EXPECT_TRUE(cut.starts_with("create_subprocess_exec: an argument of 'true' has a NUL"));
    }());
}

TEST_F(process_test, a_program_that_cannot_be_run_says_why) {
    RONDO_SKIP_WHEN_EMULATED("QEMU's vfork does not tell that exec failed");
    script("locked", "#!/bin/sh\n", 0600);
    script("orphan", "#!/no/such/interpreter\n", 0700);
    std::filesystem::create_directory(path("folder"));
    rondo::testing::run([](std::string in) -> coro<void> {
        const auto locked = co_await failure_of(create_subprocess_exec(in + "/locked"), EACCES);
        EXPECT_EQ(locked,
                  "create_subprocess_exec: cannot start '" + in + "/locked': Permission denied");
        const auto orphan = co_await failure_of(create_subprocess_exec(in + "/orphan"), ENOENT);
        EXPECT_EQ(orphan, "create_subprocess_exec: cannot start '" + in +
                              "/orphan': its interpreter is missing: No such file or directory");
        environment env;
        env.set("PATH", "/no/such/folder:" + in);
        const process_options there{.env = &env};
        const auto found = co_await failure_of(create_subprocess_exec("locked", there), EACCES);
        EXPECT_EQ(found,
                  "create_subprocess_exec: 'locked' may not be executed; PATH is "
                  "'/no/such/folder:" +
                      in + "': Permission denied");
        co_await failure_of(create_subprocess_exec("folder", there), EACCES);
        const std::vector<std::string> too_many(40, std::string(100'000, 'x'));
        co_await failure_of(create_subprocess_exec("true", too_many), E2BIG);
    }(directory()));
}

TEST_F(process_test, a_program_is_found_in_the_path_that_it_will_see) {
    script("greet", "#!/bin/sh\necho greeted\n", 0700);
    rondo::testing::run([](std::string in) -> coro<void> {
        environment env;
        env.set("PATH", "/bin:" + in);
        auto p = co_await create_subprocess_exec(
            "greet", process_options{.stdout_ = stdio::pipe, .env = &env});
        auto [out, err] = co_await p.communicate();
        EXPECT_EQ(out, "greeted\n");
        // An empty directory in PATH is the one where the child starts.
        env.set("PATH", "/bin:");
        auto relative = co_await create_subprocess_exec(
            "greet", process_options{.stdout_ = stdio::devnull, .cwd = in, .env = &env});
        EXPECT_EQ(co_await relative.wait(), 0);
    }(directory()));
}

TEST_F(process_test, a_bad_directory_or_descriptor_is_named) {
    rondo::testing::run([]() -> coro<void> {
        EXPECT_EQ(co_await failure_of(create_subprocess_shell("true", {.cwd = "/no/such"}), ENOENT),
                  "create_subprocess_shell: cannot use '/no/such' as cwd: No such file or "
                  "directory");
        co_await failure_of(create_subprocess_shell("true", {.cwd = "/dev/null"}), ENOTDIR);
        EXPECT_EQ(co_await failure_of(create_subprocess_shell("true", {.stdin_ = 7'777}), EBADF),
                  "create_subprocess_shell: file descriptor 7777, given as stdin_: Bad file "
                  "descriptor");
        co_await failure_of(create_subprocess_shell("true", {.stdout_ = -1}), EBADF);
        const int passed[] = {7'778};
        EXPECT_EQ(co_await failure_of(create_subprocess_shell("true", {.pass_fds = passed}), EBADF),
                  "create_subprocess_shell: file descriptor 7778 of pass_fds: Bad file descriptor");
    }());
}

TEST_F(process_test, nothing_is_left_over) {
    const std::size_t before = open_descriptors();
    rondo::testing::run([before]() -> coro<void> {
        const process_options all{
            .stdin_ = stdio::pipe, .stdout_ = stdio::pipe, .stderr_ = stdio::pipe};
        for (int i = 0; i < 20; ++i) {
            auto p = co_await create_subprocess_exec("cat", all);
            co_await p.communicate("x");
            co_await failure_of(create_subprocess_exec("/no/such/program", all), ENOENT);
        }
        EXPECT_LT(open_descriptors(), before + 8);
    }());
    EXPECT_EQ(open_descriptors(), before);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST_F(process_test, many_at_once) {
    rondo::testing::run([]() -> coro<void> {
        const auto answer = [](int i) -> coro<std::string> {
            auto p = co_await create_subprocess_exec("echo", std::to_string(i),
                                                     process_options{.stdout_ = stdio::pipe});
            co_return co_await p.stdout_().readline();
        };
        std::vector<coro<std::string>> asked;
        for (int i = 0; i < 30; ++i) {
            asked.push_back(answer(i));
        }
        const auto answers = co_await gather(std::move(asked));
        for (int i = 0; i < 30; ++i) {
            EXPECT_EQ(answers[static_cast<std::size_t>(i)], std::to_string(i) + "\n");
        }
    }());
}

TEST_F(process_test, the_name_of_a_variable_has_no_equals_sign) {
    environment env = environment::empty();
    env.set("A", "B=C");
    EXPECT_EQ(env.get("A=B"), std::nullopt);
    EXPECT_EQ(env.get("A="), std::nullopt);
    EXPECT_EQ(env.get(""), std::nullopt);
    env.unset("A=B");
    env.unset("");
    EXPECT_EQ(env.get("A"), "B=C");
    env.set("A", "D");
    EXPECT_EQ(env.entries(), std::vector<std::string>{"A=D"});
}

TEST_F(process_test, an_environment_is_changed_by_name) {
    environment env = environment::empty();
    env.set("A", "1");
    env.set("AB", "2");
    env.set("A", "3");
    EXPECT_EQ(env.entries(), (std::vector<std::string>{"A=3", "AB=2"}));
    EXPECT_EQ(env.get("AB"), "2");
    env.unset("A");
    env.unset("not there");
    EXPECT_EQ(env.get("A"), std::nullopt);
    EXPECT_EQ(env.entries().size(), 1u);
    EXPECT_THROW(env.set("", "x"), std::invalid_argument);
    EXPECT_THROW(env.set("A=B", "x"), std::invalid_argument);
    EXPECT_THROW(env.set("A", std::string("x\0y", 3)), std::invalid_argument);
    EXPECT_TRUE(environment().get("PATH").has_value());
}
