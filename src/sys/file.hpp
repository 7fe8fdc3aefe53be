// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

/// The system calls about files. Negative results are -errno. They block.
namespace rondo::sys {

/// What a file is opened for.
struct open_how {
    bool read = false;
    bool write = false;
    bool append = false;     // every write goes to the end
    bool create = false;     // makes the file if there is none
    bool truncate = false;   // empties it
    bool exclusive = false;  // fails if there is one
};
int open(const char* path, open_how how) noexcept;
/// /dev/null, to read and to write.
int open_null() noexcept;

struct file_about {
    std::int64_t size = 0;  // 0 when it is no regular file
    bool is_directory = false;
    bool is_seekable = false;
};
int describe(int fd, file_about& about) noexcept;
/// Where read() and write() are.
std::int64_t position(int fd) noexcept;

std::ptrdiff_t read(int fd, void* to, std::size_t most) noexcept;
std::ptrdiff_t write(int fd, const void* from, std::size_t size) noexcept;
std::ptrdiff_t read_at(int fd, void* to, std::size_t most, std::int64_t offset) noexcept;
std::ptrdiff_t write_at(int fd, const void* from, std::size_t size, std::int64_t offset) noexcept;
int truncate(int fd, std::int64_t size) noexcept;
/// Waits until everything is on the disk.
int sync(int fd) noexcept;
/// close(), for those who want to know whether what was written got there.
int close_checked(int fd) noexcept;

}  // namespace rondo::sys
