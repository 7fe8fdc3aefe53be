// SPDX-License-Identifier: MIT
#pragma once

#include "sys/pieces.hpp"
#include "sys/unique_fd.hpp"

#include <cstddef>
#include <span>
#include <string_view>

/// The system calls about pipes. Negative results are -errno.
namespace rondo::sys {

/// Both ends are close-on-exec, and block.
int pipe(unique_fd& read_end, unique_fd& write_end) noexcept;
/// write(), but where nobody reads any more it is -EPIPE, and never SIGPIPE.
std::ptrdiff_t write_to_pipe(int fd, const void* from, std::size_t size) noexcept;
/// The same of several pieces, one after the other. Of more than `most_pieces` the first so many.
std::ptrdiff_t write_pieces_to_pipe(int fd, std::span<const std::string_view> pieces) noexcept;

}  // namespace rondo::sys
