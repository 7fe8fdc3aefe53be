// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>

#include <string>

namespace rondo {

/// Reads a whole file, in a thread of the running loop's pool.
///
/// Returns: its bytes. Throws: system_error naming the operation and the path. Cancellation: at
/// once; the thread finishes, and what it read is dropped. Fairness: always yields. Threads: the
/// loop's.
[[nodiscard]] coro<std::string> read_file(std::string path);

/// Makes a file of the given bytes, or replaces what is in it, in a thread of the running loop's
/// pool.
///
/// Returns: nothing, once the kernel has all of it. Throws: system_error naming the operation and
/// the path; the file may then be incomplete. Cancellation: a file that is being written is
/// finished first. Fairness: always yields. Threads: the loop's.
[[nodiscard]] coro<void> write_file(std::string path, std::string data);

}  // namespace rondo
