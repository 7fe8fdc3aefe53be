// SPDX-License-Identifier: MIT
#include "sys/doorkeeper.hpp"
#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/gather.hpp>
#include <rondo/core/run.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/core/task.hpp>
#include <rondo/core/wait_for.hpp>
#include <rondo/core/with.hpp>
#include <rondo/os/file.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/fault_plan.hpp>
#include <rondo/testing/run.hpp>
#include <rondo/threads/executor.hpp>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace rondo;
using namespace std::chrono_literals;
using rondo::testing::call;
using rondo::testing::cancel_sweep;
using rondo::testing::fault_plan;

namespace {

/// On each driver, since some read and write by themselves; with a directory of its own, gone at
/// the end.
class file_test : public ::testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        try {
            make_loop();
        } catch (const std::system_error& e) {
            GTEST_SKIP() << "no " << GetParam() << " here: " << e.what();
        }
    }

    static box<event_loop> make_loop() {
        const std::string_view driver = GetParam();
        if (driver == "sim") {
            return rondo::testing::make_sim_loop();
        }
        return make_box<event_loop>(driver == "epoll" ? driver_kind::epoll : driver_kind::io_uring);
    }
    static void run(coro<void> main) { rondo::testing::run_on(make_loop(), std::move(main)); }

    file_test() {
        std::string name = (std::filesystem::temp_directory_path() / "rondo-XXXXXX").string();
        directory_ = ::mkdtemp(name.data());
    }
    ~file_test() override { std::filesystem::remove_all(directory_); }

    std::string path(const std::string& name) const { return directory_ + "/" + name; }
    std::string make(const std::string& name, const std::string& content) const {
        std::ofstream(path(name), std::ios::binary) << content;
        return path(name);
    }

private:
    std::string directory_;
};

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

/// The text of the system_error that `awaited` ends with, whose errno must be `expected`.
template <class T>
coro<std::string> message_of(coro<T> awaited, int expected) {
    try {
        co_await awaited;
    } catch (const std::system_error& e) {
        EXPECT_EQ(e.code().value(), expected) << e.what();
        co_return e.what();
    }
    co_return "no error";
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(drivers, file_test, ::testing::Values("sim", "epoll", "io_uring"),
                         [](const auto& about) { return std::string(about.param); });

// ---- whole files

TEST_P(file_test, what_was_written_is_read) {
    run([](std::string name) -> coro<void> {
        std::string bytes("a\0b\xff\n", 5);
        co_await write_file(name, bytes);
        EXPECT_EQ(co_await read_file(name), bytes);
        co_await write_file(name, "");
        EXPECT_EQ(co_await read_file(name), "");
    }(path("some bytes")));
}

TEST_P(file_test, large_files_and_files_without_a_size_are_read_whole) {
    run([](std::string name) -> coro<void> {
        std::string large(5'000'000, 'x');
        large.back() = 'y';
        co_await write_file(name, large);
        EXPECT_EQ(co_await read_file(name), large);
        const std::string about = co_await read_file("/proc/self/smaps");
        EXPECT_TRUE(about.size() > 4096 && about.ends_with('\n')) << about.size();
    }(path("large")));
}

TEST_P(file_test, errors_name_the_operation_and_the_path) {
    run([](std::string name, std::string directory) -> coro<void> {
        const std::string message = co_await message_of(read_file(name), ENOENT);
        EXPECT_TRUE(message.starts_with("open " + name + ": ")) << message;
        const std::string at_read = co_await message_of(read_file(directory), EISDIR);
        EXPECT_TRUE(at_read.starts_with("read " + directory + ": ")) << at_read;
        EXPECT_THROW(co_await write_file(directory, "x"), std::system_error);
    }(path("missing"), path("")));
}

TEST_P(file_test, a_full_disk_is_reported) {
    run([]() -> coro<void> {
        EXPECT_EQ(co_await message_of(write_file("/dev/full", "x"), ENOSPC),
                  "write /dev/full: No space left on device");
        auto full = co_await open_file("/dev/full", "w");
        EXPECT_EQ(co_await message_of(full.write("x"), ENOSPC),
                  "write /dev/full: No space left on device");
        EXPECT_EQ(full.tell(), 0);
        EXPECT_EQ(co_await message_of(full.write_at(10, "x"), ENOSPC),
                  "write_at /dev/full: No space left on device");
        co_await full.close();
    }());
}

// ---- open_file

TEST_P(file_test, modes_are_pythons) {
    run([](std::string name, std::string fresh) -> coro<void> {
        auto r = co_await open_file(name);
        EXPECT_EQ(co_await r.read(), "old");
        auto both = co_await open_file(name, "r+b");
        co_await both.write("O");
        EXPECT_EQ(co_await both.read(), "ld");
        auto a = co_await open_file(name, "at");
        EXPECT_EQ(a.tell(), 3);
        co_await a.write("er");
        EXPECT_EQ(a.tell(), 5);
        EXPECT_EQ(content_of(name), "Older");
        auto w = co_await open_file(name, "w+");
        EXPECT_EQ(content_of(name), "");
        co_await w.write("new");
        EXPECT_EQ(co_await w.read(), "");
        co_await w.seek(0);
        EXPECT_EQ(co_await w.read(), "new");
        auto x = co_await open_file(fresh, "x");
        co_await x.write("made");
        EXPECT_EQ(co_await message_of(open_file(fresh, "x"), EEXIST),
                  "open " + fresh + ": File exists");
        EXPECT_EQ(content_of(fresh), "made");
    }(make("old", "old"), path("fresh")));
}

TEST_P(file_test, other_modes_and_wrong_uses_are_refused) {
    run([](std::string name, std::string directory) -> coro<void> {
        for (const char* none : {"", "q", "rw", "r++", "rbt", "+", "r "}) {
            EXPECT_THROW(static_cast<void>(co_await open_file(name, none)), std::invalid_argument)
                << none;
        }
        auto r = co_await open_file(name, "r");
        EXPECT_EQ(co_await message_of(r.write("x"), EBADF),
                  "write " + name + ": mode 'r' does not write; add a +: Bad file descriptor");
        EXPECT_EQ(co_await message_of(r.truncate(0), EBADF),
                  "truncate " + name + ": mode 'r' does not write; add a +: Bad file descriptor");
        auto a = co_await open_file(name, "a");
        EXPECT_EQ(co_await message_of(a.readline(), EBADF),
                  "readline " + name + ": mode 'a' does not read; add a +: Bad file descriptor");
        co_await message_of(a.read_at(0, 1), EBADF);
        co_await message_of(a.write_at(0, "x"), EINVAL);
        EXPECT_EQ(co_await message_of(open_file(directory), EISDIR),
                  "open " + directory + ": Is a directory");
        EXPECT_EQ(content_of(name), "old");
    }(make("old", "old"), path("")));
}

// ---- at the position

TEST_P(file_test, reads_give_what_is_asked_for_until_the_end) {
    run([](std::string name) -> coro<void> {
        auto f = co_await open_file(name);
        EXPECT_EQ(co_await f.read(0), "");
        EXPECT_EQ(co_await f.read(4), "0123");
        EXPECT_EQ(f.tell(), 4);
        EXPECT_EQ(co_await f.read(100), "456789");
        EXPECT_EQ(co_await f.read(100), "");
        EXPECT_EQ(co_await f.read(), "");
        EXPECT_EQ(f.tell(), 10);
    }(make("digits", "0123456789")));
}

TEST_P(file_test, lines_are_read_whatever_their_length) {
    const std::string long_line(300'000, 'x');
    run([](std::string name, const std::string& longest) -> coro<void> {
        auto f = co_await open_file(name);
        EXPECT_EQ(co_await f.readline(), "one\n");
        EXPECT_EQ(f.tell(), 4);
        EXPECT_EQ(co_await f.readline(), "\n");
        EXPECT_EQ(co_await f.readline(), longest + "\n");
        EXPECT_EQ(co_await f.read(2), "la");
        EXPECT_EQ(co_await f.readline(), "st\r");
        EXPECT_EQ(co_await f.readline(), "");
    }(make("lines", "one\n\n" + long_line + "\nlast\r"), long_line));
}

TEST_P(file_test, a_write_goes_where_the_reader_is_and_not_where_it_read_ahead) {
    run([](std::string name) -> coro<void> {
        auto f = co_await open_file(name, "r+");
        EXPECT_EQ(co_await f.readline(), "one\n");
        co_await f.write("TWO");
        EXPECT_EQ(co_await f.readline(), "\n");
        EXPECT_EQ(co_await f.readline(), "three\n");
        EXPECT_EQ(content_of(name), "one\nTWO\nthree\n");
        // What was read ahead is not shown after somebody has changed it.
        co_await f.seek(0);
        EXPECT_EQ(co_await f.readline(), "one\n");
        co_await f.write_at(4, "2wo");
        EXPECT_EQ(co_await f.readline(), "2wo\n");
        co_await f.truncate();
        EXPECT_EQ(co_await f.read(), "");
        EXPECT_EQ(content_of(name), "one\n2wo\n");
    }(make("lines", "one\ntwo\nthree\n")));
}

TEST_P(file_test, seek_moves_from_the_start_the_position_and_the_end) {
    run([](std::string name) -> coro<void> {
        auto f = co_await open_file(name, "r+");
        EXPECT_EQ(co_await f.seek(3), 3);
        EXPECT_EQ(co_await f.read(2), "34");
        EXPECT_EQ(co_await f.seek(-1, seek_from::current), 4);
        EXPECT_EQ(co_await f.seek(-2, seek_from::end), 8);
        EXPECT_EQ(co_await f.read(), "89");
        EXPECT_EQ(co_await message_of(f.seek(-1), EINVAL),
                  "seek " + name + ": there is no position 0 + -1: Invalid argument");
        const auto largest = std::numeric_limits<std::int64_t>::max();
        co_await message_of(f.seek(largest, seek_from::current), EINVAL);
        EXPECT_EQ(f.tell(), 10);
        co_await f.seek(12);
        co_await f.write("!");
        EXPECT_EQ(content_of(name), std::string("0123456789\0\0!", 13));
        co_await f.truncate(2);
        EXPECT_EQ(f.tell(), 13) << "the position stays";
        co_await f.sync();
        EXPECT_EQ(content_of(name), "01");
    }(make("digits", "0123456789")));
}

TEST_P(file_test, calls_are_carried_out_in_their_order) {
    run([](std::string name) -> coro<void> {
        auto f = co_await open_file(name, "w+");
        std::vector<coro<void>> writes;
        std::string expected;
        for (int i = 0; i < 50; ++i) {
            const std::string line = std::to_string(i) + "\n";
            expected += line;
            writes.push_back(f.write(line));
        }
        co_await gather(std::move(writes));
        EXPECT_EQ(content_of(name), expected);
        co_await f.seek(0);
        auto [a, b, c] = co_await gather(f.readline(), f.readline(), f.readline());
        EXPECT_EQ(a + b + c, "0\n1\n2\n");
        auto last = f.write("?");
        co_await gather(std::move(last), f.close());
        EXPECT_TRUE(content_of(name).starts_with("0\n1\n2\n?"));
    }(path("file")));
}

// ---- anywhere

TEST_P(file_test, read_at_and_write_at_leave_the_position_alone) {
    run([](std::string name) -> coro<void> {
        auto f = co_await open_file(name, "r+");
        EXPECT_EQ(co_await f.read(2), "01");
        EXPECT_EQ(co_await f.read_at(8, 100), "89");
        EXPECT_EQ(co_await f.read_at(100, 1), "");
        co_await message_of(f.read_at(-1, 1), EINVAL);
        auto first = f.write_at(4, "aa");
        co_await gather(std::move(first), f.write_at(6, "bb"));
        EXPECT_EQ(f.tell(), 2);
        EXPECT_EQ(co_await f.read(), "23aabb89");
        auto late = create_task(f.write_at(0, "late"));
        co_await yield_now();
        co_await f.close();
        EXPECT_TRUE(late.done()) << "close waits for it";
        EXPECT_EQ(content_of(name),
                  "late"
                  "aabb89");
    }(make("digits", "0123456789")));
}

// ---- errors and cancellation

TEST_P(file_test, what_was_written_before_an_error_is_known) {
    struct rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    struct rlimit small = before;
    small.rlim_cur = 100'000;
    ::setrlimit(RLIMIT_FSIZE, &small);
    run([](std::string name) -> coro<void> {
        auto f = co_await open_file(name, "w");
        co_await f.write(std::string(50'000, 'a'));
        // The kernel takes a part, and only then, asked for the rest, refuses.
        co_await message_of(f.write(std::string(70'000, 'b')), EFBIG);
        EXPECT_EQ(f.tell(), 100'000);
        EXPECT_EQ(content_of(name).size(), 100'000u);
    }(path("limited")));
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
}

TEST_P(file_test, a_write_that_is_cancelled_is_whole_or_not_there) {
    if (GetParam() != std::string("sim")) {
        GTEST_SKIP() << "a sweep is simulated";
    }
    const std::string name = path("whole");
    const std::string data(1'000'000, 'x');
    bool done = false;
    const auto scenario = [&]() -> coro<void> {
        done = false;
        auto f = co_await open_file(name, "w");
        co_await f.write(data);
        done = true;
        co_await f.close();
    };
    const auto check = [&] {
        const std::string content = std::filesystem::exists(name) ? content_of(name) : "";
        EXPECT_EQ(content.size(), done ? data.size() : 0u);
    };
    EXPECT_GT(cancel_sweep(scenario, check), 1);
}

TEST_P(file_test, a_write_that_is_cancelled_while_it_is_carried_out_is_whole) {
    const std::string data(3'000'000, 'x');
    run([](std::string name, const std::string& all) -> coro<void> {
        for (int yields = 0; yields < 6; ++yields) {
            auto f = co_await open_file(name, "w");
            auto writing = create_task(f.write(all));
            for (int i = 0; i < yields; ++i) {
                co_await yield_now();
            }
            writing.cancel();
            const auto end = co_await as_outcome(writing);
            EXPECT_EQ(std::filesystem::file_size(name), end.has_value() ? all.size() : 0u);
            co_await f.close();
        }
    }(path("whole"), data));
}

TEST_P(file_test, a_read_that_is_cancelled_while_it_is_carried_out_is_over_before_its_memory_goes) {
    run([](std::string name) -> coro<void> {
        co_await write_file(name, std::string(8'000'000, 'x'));
        auto f = co_await open_file(name);
        for (int yields = 0; yields < 8; ++yields) {
            auto reading = create_task(f.read_at(0, 8'000'000));
            for (int i = 0; i < yields; ++i) {
                co_await yield_now();
            }
            reading.cancel();
            const auto end = co_await as_outcome(reading);
            EXPECT_TRUE(!end.has_value() || end.value().size() == 8'000'000u);
        }
        co_await f.close();
    }(path("large")));
}

TEST_P(file_test, short_reads_and_writes_and_interruptions_are_gone_on_with) {
    fault_plan plan;
    plan.shorten(1000);
    for (const call what : {call::open, call::pread, call::pwrite, call::write, call::fsync}) {
        plan.fail(what, 1, EINTR, 2);
    }
    const fault_plan::guard in_effect(&plan);
    run([](std::string name) -> coro<void> {
        auto f = co_await open_file(name, "w+");
        const std::string text(10'500, 'x');
        co_await f.write_at(0, text);
        EXPECT_EQ(co_await f.read_at(0, 20'000), text);
        co_await f.sync();
        co_await f.close();
    }(path("file")));
    EXPECT_GE(plan.calls(call::pread), 11);
    EXPECT_GE(plan.calls(call::pwrite), 11);
}

TEST_P(file_test, each_call_that_fails_is_an_error_and_leaves_no_descriptor_open) {
    const std::string name = make("file", "text");
    for (const call what :
         {call::open, call::fstat, call::pread, call::pwrite, call::fsync, call::close}) {
        fault_plan plan;
        plan.fail(what, 1, EIO);
        const fault_plan::guard in_effect(&plan);
        run([](std::string path, call refused) -> coro<void> {
            const int next = ::dup(0);
            ::close(next);
            const auto use = [](std::string of) -> coro<void> {
                auto f = co_await open_file(of, "r+");
                co_await f.read_at(0, 100'000);
                co_await f.write_at(0, "more");
                co_await f.sync();
                co_await f.close();
            };
            const std::string message = co_await message_of(use(path), EIO);
            EXPECT_NE(message, "no error") << sys::name_of(refused);
            const int then = ::dup(0);
            ::close(then);
            EXPECT_LE(then, next + 3) << "what the loop itself makes at its first file is no leak";
        }(name, what));
        EXPECT_EQ(plan.failed(), 1) << sys::name_of(what);
    }
}

TEST_P(file_test, a_loop_with_open_files_may_go_on_in_another_thread) {
    if (GetParam() == std::string("sim")) {
        GTEST_SKIP() << "a simulated loop stays where it is";
    }
    const auto loop = make_loop();
    const std::string name = make("file", "text");
    std::optional<file> f;
    loop->run_until_complete([](std::string of, std::optional<file>& to) -> coro<void> {
        to.emplace(co_await open_file(of));
        EXPECT_EQ(co_await to->read_at(0, 100), "text");
    }(name, f));
    std::thread other([&] {
        loop->run_until_complete([](file& of) -> coro<void> {
            EXPECT_EQ(co_await of.read_at(0, 1'000'000), "text");
            co_await of.close();
        }(*f));
    });
    other.join();
    loop->run_until_complete(shutdown_default_executor());
}

TEST_P(file_test, the_child_of_a_fork_reads_with_a_ring_of_its_own) {
    if (GetParam() != std::string("io_uring")) {
        GTEST_SKIP() << "the threads of a pool stay with the parent";
    }
    const auto loop = make_loop();
    std::optional<file> f;
    const auto reads = [&](const char* expected) {
        bool well = false;
        loop->run_until_complete([](file& of, const char* text, bool& same) -> coro<void> {
            same = co_await of.read_at(0, 100) == text;
        }(*f, expected, well));
        return well;
    };
    loop->run_until_complete([](std::string of, std::optional<file>& to) -> coro<void> {
        to.emplace(co_await open_file(of));
    }(make("file", "text"), f));
    EXPECT_TRUE(reads("text"));
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(reads("text") ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_TRUE(reads("text"));
}

TEST_P(file_test, the_child_of_a_fork_within_a_task_has_a_ring_of_its_own_at_once) {
    if (GetParam() != std::string("io_uring")) {
        GTEST_SKIP() << "the threads of a pool stay with the parent";
    }
    run([](std::string name) -> coro<void> {
        auto f = co_await open_file(name);
        const pid_t child = ::fork();
        if (child == 0) {
            ::_exit(co_await f.read_at(0, 100) == "text" ? 0 : 1);
        }
        int status = -1;
        ::waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }(make("file", "text")));
}

TEST_P(file_test, a_cancelled_read_loses_nothing) {
    run([](std::string name) -> coro<void> {
        for (int yields = 0; yields < 3; ++yields) {
            auto f = co_await open_file(name);
            EXPECT_EQ(co_await f.readline(), "one\n");
            auto reading = create_task(f.read());
            for (int i = 0; i < yields; ++i) {
                co_await yield_now();
            }
            reading.cancel();
            const auto end = co_await as_outcome(reading);
            EXPECT_EQ(f.tell(), end.has_value() ? 8 : 4);
            const std::string left = co_await f.read();
            EXPECT_EQ((end.has_value() ? end.value() : "") + left, "two\n");
        }
    }(make("lines", "one\ntwo\n")));
}

TEST_P(file_test, an_open_that_blocks_is_given_up) {
    if (GetParam() == std::string("sim")) {
        GTEST_SKIP() << "the thread that opens knows no simulated time";
    }
    const std::string fifo = path("fifo");
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    run([](std::string name) -> coro<void> {
        EXPECT_THROW(static_cast<void>(co_await wait_for(open_file(name), 1ms)), timeout_error);
        const int both = ::open(name.c_str(), O_RDWR | O_CLOEXEC);  // ends the open in the thread
        auto f = co_await open_file(name);
        EXPECT_EQ(::write(both, "now", 3), 3);
        EXPECT_EQ(co_await f.read(100), "now") << "what there is, though it may not be the end";
        EXPECT_THROW(f.tell(), std::system_error);
        co_await message_of(f.seek(0), ESPIPE);
        ::close(both);
    }(fifo));
}

// ---- the end

TEST_P(file_test, a_closed_file_refuses_everything) {
    run([](std::string name) -> coro<void> {
        auto f = co_await open_file(name, "r+");
        const int fd = f.fileno();
        EXPECT_EQ(::fcntl(fd, F_GETFD), FD_CLOEXEC);
        co_await f.close();
        co_await f.close();
        EXPECT_TRUE(f.is_closed());
        EXPECT_EQ(f.fileno(), -1);
        EXPECT_EQ(::fcntl(fd, F_GETFD), -1);
        EXPECT_EQ(co_await message_of(f.read(), EBADF),
                  "read " + name + ": the file is closed: Bad file descriptor");
        co_await message_of(f.readline(), EBADF);
        co_await message_of(f.write("x"), EBADF);
        co_await message_of(f.read_at(0, 1), EBADF);
        co_await message_of(f.write_at(0, "x"), EBADF);
        co_await message_of(f.seek(0), EBADF);
        co_await message_of(f.truncate(0), EBADF);
        co_await message_of(f.sync(), EBADF);
        EXPECT_EQ(f.path(), name);
    }(make("old", "old")));
}

TEST_P(file_test, with_closes_and_so_does_the_destructor) {
    run([](std::string name) -> coro<void> {
        auto opened = co_await open_file(name);
        const int fd = opened.fileno();
        co_await with(opened, [&](file& f) -> coro<void> { EXPECT_EQ(co_await f.read(), "old"); });
        EXPECT_TRUE(opened.is_closed());
        {
            const auto again = co_await open_file(name);
            EXPECT_EQ(again.fileno(), fd);
        }
        EXPECT_EQ(::fcntl(fd, F_GETFD), -1);
    }(make("old", "old")));
}

TEST_P(file_test, a_file_may_go_while_a_call_is_under_way) {
    run([](std::string name) -> coro<void> {
        std::optional<file> f(co_await open_file(name, "w"));
        const int fd = f->fileno();
        auto writing = create_task(f->write("all of it"));
        f.reset();
        co_await writing;
        EXPECT_EQ(content_of(name), "all of it");
        EXPECT_EQ(::fcntl(fd, F_GETFD), -1) << "closed, although the task is still there";
    }(path("file")));
}

TEST_P(file_test, a_loop_may_close_while_a_call_is_under_way) {
    const auto owned = make_loop();
    event_loop& loop = *owned;
    loop.set_exception_handler([](event_loop&, const exception_context&) {});
    loop.run_until_complete([](std::string name) -> coro<void> {
        auto f = co_await open_file(name, "w");
        static_cast<void>(create_task([](file of) -> coro<void> {
            co_await of.write(std::string(2'000'000, 'x'));
        }(std::move(f))));
        co_await yield_now();
    }(path("file")));
    loop.close();
}
