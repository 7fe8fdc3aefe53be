// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/io/stream_reader.hpp>
#include <rondo/io/stream_writer.hpp>

#include <cstddef>

namespace rondo {

/// Both ends of a pipe: what is written to one is read from the other.
struct pipe_ends {
    stream_reader reader;
    stream_writer writer;
};

/// Makes a pipe. Its ends do not block and are closed in child processes.
///
///     auto [reader, writer] = rondo::pipe();
///     writer.write("a line\n");
///     auto line = co_await reader.readline();
///
/// `limit` is that of readline and readuntil. Throws system_error when the kernel gives no
/// descriptors.
pipe_ends pipe(std::size_t limit = stream_reader::default_limit);

}  // namespace rondo
