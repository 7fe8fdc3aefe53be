// SPDX-License-Identifier: MIT
#include <rondo/core/cancel.hpp>
#include <rondo/core/run.hpp>
#include <rondo/os/file.hpp>
#include <rondo/testing/run.hpp>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <gtest/gtest.h>

using namespace rondo;

namespace {

/// A directory of its own, gone at the end.
class file_test : public ::testing::Test {
protected:
    file_test() {
        std::string name = (std::filesystem::temp_directory_path() / "rondo-XXXXXX").string();
        directory_ = ::mkdtemp(name.data());
    }
    ~file_test() override { std::filesystem::remove_all(directory_); }

    std::string path(const std::string& name) const { return directory_ + "/" + name; }

private:
    std::string directory_;
};

coro<std::string> message_of(coro<std::string> reading, int expected) {
    try {
        co_await reading;
    } catch (const std::system_error& e) {
        EXPECT_EQ(e.code().value(), expected);
        co_return e.what();
    }
    co_return "";
}

}  // namespace

TEST_F(file_test, what_was_written_is_read) {
    rondo::testing::run([](std::string name) -> coro<void> {
        std::string bytes("a\0b\xff\n", 5);
        co_await write_file(name, bytes);
        EXPECT_EQ(co_await read_file(name), bytes);
        co_await write_file(name, "");
        EXPECT_EQ(co_await read_file(name), "");
    }(path("some bytes")));
}

TEST_F(file_test, large_files_and_files_without_a_size_are_read_whole) {
    rondo::testing::run([](std::string name) -> coro<void> {
        std::string large(5'000'000, 'x');
        large.back() = 'y';
        co_await write_file(name, large);
        EXPECT_EQ(co_await read_file(name), large);
        const std::string about = co_await read_file("/proc/self/maps");
        EXPECT_GT(about.size(), 4096u);
        EXPECT_TRUE(about.ends_with('\n'));
    }(path("large")));
}

TEST_F(file_test, errors_name_the_operation_and_the_path) {
    rondo::testing::run([](std::string name, std::string directory) -> coro<void> {
        const std::string message = co_await message_of(read_file(name), ENOENT);
        EXPECT_TRUE(message.starts_with("open " + name + ": ")) << message;
        const std::string at_read = co_await message_of(read_file(directory), EISDIR);
        EXPECT_TRUE(at_read.starts_with("read " + directory + ": ")) << at_read;
        EXPECT_THROW(co_await write_file(directory, "x"), std::system_error);
    }(path("missing"), path("")));
}

TEST_F(file_test, a_full_disk_is_reported) {
    rondo::testing::run([]() -> coro<void> {
        try {
            co_await write_file("/dev/full", "x");
            ADD_FAILURE() << "/dev/full took it";
        } catch (const std::system_error& e) {
            EXPECT_EQ(e.code().value(), ENOSPC);
            EXPECT_TRUE(std::string(e.what()).starts_with("write /dev/full")) << e.what();
        }
    }());
}
