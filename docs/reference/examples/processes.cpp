// SPDX-License-Identifier: MIT
// clock: real
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;
using rondo::process_options;
using rondo::stdio;

rondo::coro<void> main_() {
    // #region communicate
    auto sort = co_await rondo::create_subprocess_exec(
        "sort", "-u", process_options{.stdin_ = stdio::pipe, .stdout_ = stdio::pipe});
    auto [sorted, nothing] = co_await sort.communicate("pear\napple\npear\n");
    std::printf("%s", sorted.c_str());
    // #endregion

    // #region lines
    auto shell = co_await rondo::create_subprocess_shell(
        "while read n; do echo $((n * n)); done", {.stdin_ = stdio::pipe, .stdout_ = stdio::pipe});
    for (const char* number : {"3\n", "4\n"}) {
        shell.stdin_().write(number);
        std::string square = co_await shell.stdout_().readline();
        std::printf("%s", square.c_str());
    }
    shell.stdin_().close();
    std::printf("status %d\n", co_await shell.wait());
    // #endregion

    // #region patience
    auto slow = co_await rondo::create_subprocess_exec("sleep", "1000");
    try {
        co_await rondo::wait_for(slow.wait(), 10ms);
    } catch (const rondo::timeout_error&) {
        slow.terminate();
    }
    std::printf("returncode %d\n", co_await slow.wait());
    // #endregion

    // #region environment
    rondo::environment env;
    env.set("GREETING", "hello");
    auto echo = co_await rondo::create_subprocess_shell(
        "echo $GREETING from $(pwd)", {.stdout_ = stdio::pipe, .cwd = "/", .env = &env});
    auto [printed, none] = co_await echo.communicate();
    std::printf("%s", printed.c_str());
    // #endregion

    // #region pipe
    auto [reader, writer] = rondo::pipe();
    writer.write("one\ntwo\n");
    writer.write_eof();
    std::string first = co_await reader.readline();
    std::string rest = co_await reader.read();
    std::printf("%zu and %zu bytes\n", first.size(), rest.size());
    // #endregion
}

int main() { rondo::run(main_()); }
