// SPDX-License-Identifier: MIT
#pragma once

#include "sys/unique_fd.hpp"

#include <cstddef>

/// The system calls about pipes. Negative results are -errno.
namespace rondo::sys {

/// Both ends are close-on-exec, and block.
int pipe(unique_fd& read_end, unique_fd& write_end) noexcept;
/// write(), but where nobody reads any more it is -EPIPE, and never SIGPIPE.
std::ptrdiff_t write_to_pipe(int fd, const void* from, std::size_t size) noexcept;

}  // namespace rondo::sys
