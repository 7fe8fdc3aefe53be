// SPDX-License-Identifier: MIT

// What a file is asked for at the edges of what can be: positions, sizes, paths.
#include "errno_of.hpp"
#include <rondo/core/run.hpp>
#include <rondo/os/file.hpp>
#include <rondo/testing/run.hpp>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <gtest/gtest.h>
#include <sys/resource.h>

using namespace rondo;
using rondo_test::errno_of;

namespace {

constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min();

/// On each driver, with a directory of its own, gone at the end.
class file_edges : public ::testing::TestWithParam<const char*> {
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

    file_edges() {
        std::string name = (std::filesystem::temp_directory_path() / "rondo-XXXXXX").string();
        directory_ = ::mkdtemp(name.data());
    }
    ~file_edges() override { std::filesystem::remove_all(directory_); }
    std::string path(const std::string& name) const { return directory_ + "/" + name; }

private:
    std::string directory_;
};

INSTANTIATE_TEST_SUITE_P(on, file_edges, ::testing::Values("epoll", "io_uring", "sim"),
                         [](const auto& of) { return std::string(of.param); });

/// Whether the call is refused as a wrong argument.
coro<bool> is_refused(coro<void> call) {
    try {
        co_await std::move(call);
    } catch (const std::invalid_argument&) {
        co_return true;
    }
    co_return false;
}

coro<void> forget_result(coro<std::string> call) { co_await std::move(call); }
coro<void> open_and_close(std::string at, std::string mode) {
    auto f = co_await open_file(std::move(at), std::move(mode));
    co_await f.close();
}

/// As a full disk would: no file grows beyond that.
class no_larger_files {
public:
    explicit no_larger_files(rlim_t than) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit now = before_;
        now.rlim_cur = than;
        ::setrlimit(RLIMIT_FSIZE, &now);
    }
    no_larger_files(const no_larger_files&) = delete;
    no_larger_files& operator=(const no_larger_files&) = delete;
    ~no_larger_files() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    rlimit before_{};
    void (*handler_)(int);
};

}  // namespace

TEST_P(file_edges, an_offset_that_no_file_has_is_refused_and_changes_nothing) {
    run([](std::string name) -> coro<void> {
        co_await write_file(name, "precious data");
        auto f = co_await open_file(name, "r+");
        for (const std::int64_t at : {std::int64_t{-1}, std::int64_t{-2}, first, first + 1}) {
            EXPECT_EQ(co_await errno_of(f.read_at(at, 8)), EINVAL) << at;
            EXPECT_EQ(co_await errno_of(f.read_at(at, 0)), EINVAL) << at;
            EXPECT_EQ(co_await errno_of(f.write_at(at, "GARBAGE!")), EINVAL) << at;
            EXPECT_EQ(co_await errno_of(f.write_at(at, "")), EINVAL) << at;
        }
        for (const std::int64_t at : {last, last - 7}) {
            EXPECT_EQ(co_await errno_of(f.read_at(at, 100'000)), EINVAL) << at;
            EXPECT_EQ(co_await errno_of(f.write_at(at, "GARBAGE!")), EINVAL) << at;
        }
        EXPECT_EQ(f.tell(), 0);
        co_await f.close();
        const std::string kept = co_await read_file(name);
        EXPECT_EQ(kept, "precious data");
    }(path("file")));
}

TEST_P(file_edges, a_read_of_more_than_there_can_be_gives_all_that_is_left) {
    run([](std::string name) -> coro<void> {
        co_await write_file(name, "precious data");
        auto f = co_await open_file(name);
        const std::string all = co_await f.read_at(0, std::numeric_limits<std::size_t>::max());
        EXPECT_EQ(all, "precious data");
        const std::string rest = co_await f.read_at(9, std::numeric_limits<std::size_t>::max());
        EXPECT_EQ(rest, "data");
        const std::string much = co_await f.read(std::numeric_limits<std::ptrdiff_t>::max());
        EXPECT_EQ(much, "precious data");
        co_await f.close();
    }(path("file")));
}

TEST_P(file_edges, seek_and_truncate_refuse_what_cannot_be) {
    run([](std::string name) -> coro<void> {
        co_await write_file(name, "0123456789");
        auto f = co_await open_file(name, "r+");
        for (const std::int64_t to : {std::int64_t{-1}, first}) {
            EXPECT_EQ(co_await errno_of(f.seek(to)), EINVAL);
            EXPECT_EQ(co_await errno_of(f.seek(to, seek_from::current)), EINVAL);
            EXPECT_EQ(co_await errno_of(f.truncate(to)), EINVAL);
        }
        EXPECT_EQ(co_await errno_of(f.seek(first, seek_from::end)), EINVAL);
        EXPECT_EQ(co_await errno_of(f.seek(last, seek_from::end)), EINVAL);
        EXPECT_EQ(f.tell(), 0);
        co_await f.seek(last);
        EXPECT_EQ(f.tell(), last);
        EXPECT_NE(co_await errno_of(f.write("x")), 0);
        EXPECT_EQ(f.tell(), last) << "nothing was written";
        co_await f.close();
    }(path("file")));
}

TEST_P(file_edges, an_append_that_wrote_nothing_leaves_the_position_alone) {
    run([](std::string name) -> coro<void> {
        co_await write_file(name, "0123456789");
        auto f = co_await open_file(name, "a+");
        EXPECT_EQ(f.tell(), 10);
        co_await f.write("");
        EXPECT_EQ(f.tell(), 10);
        co_await f.seek(3);
        co_await f.write("");
        EXPECT_EQ(f.tell(), 3);
        const std::string next = co_await f.read(2);
        EXPECT_EQ(next, "34");
        {
            const no_larger_files full(10);
            EXPECT_EQ(co_await errno_of(f.write("more")), EFBIG);
        }
        EXPECT_EQ(f.tell(), 5);
        co_await f.write("more");
        EXPECT_EQ(f.tell(), 14);
        co_await f.close();
    }(path("file")));
}

TEST_P(file_edges, a_path_with_a_nul_byte_is_refused) {
    run([](std::string secret) -> coro<void> {
        co_await write_file(secret, "a secret");
        const std::string disguised = secret + std::string("\0.png", 5);
        for (const char* mode : {"r", "w", "x", "a"}) {
            EXPECT_TRUE(co_await is_refused(open_and_close(disguised, mode))) << mode;
        }
        EXPECT_TRUE(co_await is_refused(forget_result(read_file(disguised))));
        EXPECT_TRUE(co_await is_refused(write_file(disguised, "overwritten")));
        const std::string kept = co_await read_file(secret);
        EXPECT_EQ(kept, "a secret");
    }(path("secret")));
}
