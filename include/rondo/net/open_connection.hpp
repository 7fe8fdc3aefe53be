// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/clock.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/io/address.hpp>
#include <rondo/io/stream.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

namespace rondo {

/// How a connection is made. See open_connection.
struct connection_options {
    std::size_t limit = stream::default_limit;  // of readline and readuntil
    /// After how long the next address is tried as well, while the one before neither fails nor
    /// succeeds. Nullopt: only when it has failed.
    std::optional<nanoseconds> happy_eyeballs_delay = std::chrono::milliseconds(250);
    /// How many addresses of the first kind (IPv6 or IPv4) are tried before the kinds alternate. 0:
    /// in the order in which the lookup gave them.
    int interleave = 1;
    /// Where the connection is to come from. Port 0 lets the kernel choose one.
    address local_addr = {};
    /// Throw an exception_group with every error, instead of one system_error that names them.
    bool all_errors = false;
};
static_assert(std::is_trivially_destructible_v<connection_options>);

/// Connects to host and port over TCP. A name's addresses are tried as RFC 8305 ("happy eyeballs")
/// says: the next one as soon as one has failed, or hangs for a moment; the first that answers
/// wins, and the others are given up.
///
/// Returns: the connection. Throws: system_error of the only address that failed, or one that names
/// all (see all_errors); runtime_error when the name is unknown. Cancellation: the attempts are
/// given up. Fairness: yields to wait. Threads: the loop's.
[[nodiscard]] coro<stream> open_connection(std::string host, std::uint16_t port,
                                           connection_options options = {});

/// Connects to a Unix socket: a path, or "\0" and a name in Linux's abstract namespace. Of the
/// options only `limit` and `local_addr` matter.
///
/// Returns: the connection. Throws: system_error naming the path; invalid_argument for one that is
/// empty or too long. Cancellation: the attempt is given up. Fairness: yields only while the
/// listener has no room. Threads: the loop's.
[[nodiscard]] coro<stream> open_unix_connection(std::string path, connection_options options = {});

}  // namespace rondo
