// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/io/stream.hpp>

#include <cstddef>
#include <utility>

namespace rondo::testing {

/// Two streams that are connected in memory, on whatever driver: for tests of protocols that need
/// no network. trio's memory_stream_pair.
///
///     auto [client, server] = rondo::testing::memory_pipe();
///
/// Each direction holds `capacity` bytes, at least one, that were written and not read; then the
/// writer keeps the rest, and drain() waits, as with a socket. To close one end, or to abort it,
/// ends the other's reading; what the other writes from then on is lost (EPIPE). Both belong into
/// one loop. Throws std::invalid_argument for a capacity of 0.
std::pair<stream, stream> memory_pipe(std::size_t capacity = 64 * 1024);

}  // namespace rondo::testing
