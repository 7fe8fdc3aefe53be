// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

/// The system calls about files. Negative results are -errno. They block.
namespace rondo::sys {

int open_to_read(const char* path) noexcept;
/// Makes the file, or empties it.
int open_to_write(const char* path) noexcept;
/// /dev/null, to read and to write.
int open_null() noexcept;
/// 0 when it is no regular file.
std::int64_t file_size(int fd) noexcept;
std::ptrdiff_t read(int fd, void* to, std::size_t most) noexcept;
std::ptrdiff_t write(int fd, const void* from, std::size_t size) noexcept;
/// close(), for those who want to know whether what was written got there.
int close_checked(int fd) noexcept;

}  // namespace rondo::sys
