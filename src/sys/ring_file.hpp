// SPDX-License-Identifier: MIT
#pragma once

#include "sys/file.hpp"
#include "sys/io_uring.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

/// The calls of file.hpp, to be carried out by a ring. Each fills `to` and gives 0; or, where
/// somebody at the door refuses the call, -errno.
namespace rondo::sys {

/// The most bytes of one request. The kernel moves up to 2 GiB at once.
inline constexpr std::size_t most_of_request = std::size_t{1} << 30;
/// Bytes that the kernel has at hand it copies in the thread that hands the request over; from this
/// number on in one of its own, so that the loop goes on meanwhile.
inline constexpr std::size_t copied_elsewhere = 256 * 1024;

int request_open(const char* path, open_how how, ring_request& to) noexcept;
int request_close(int fd, ring_request& to) noexcept;
int request_read(int fd, void* memory, std::size_t most, std::int64_t offset,
                 ring_request& to) noexcept;
/// nullopt: wherever the descriptor is, for which the kernel has a number that no user may name.
int request_write(int fd, const void* memory, std::size_t size, std::optional<std::int64_t> offset,
                  ring_request& to) noexcept;
int request_sync(int fd, ring_request& to) noexcept;

/// Where the kernel writes about a file.
struct alignas(8) ring_status {
    std::byte bytes[256];
};
int request_describe(int fd, ring_status& status, ring_request& to) noexcept;
/// The size that it says; 0 when it is no regular file.
std::int64_t size_in(const ring_status& status) noexcept;

}  // namespace rondo::sys
