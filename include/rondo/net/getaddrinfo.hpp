// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/io/address.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace rondo {

/// The addresses of a host, to be tried in this order. Numeric hosts and "localhost" are known;
/// other names are looked up by the C library, in one of a few threads that do nothing else, so
/// that slow names do not keep `to_thread` waiting. Who asks for a name while it is being looked up
/// shares the answer; nothing is remembered afterwards.
///
/// Returns: at least one address, each once. Throws: runtime_error naming the host when the lookup
/// fails; invalid_argument for a name with a zero byte. Cancellation: at once; the lookup is left
/// to its thread, which nobody waits for, not even the end of `run`. Fairness: yields only to look
/// something up. Threads: the loop's.
[[nodiscard]] coro<std::vector<address>> getaddrinfo(std::string host, std::uint16_t port);

/// The names of an address and of its port.
struct name_info {
    std::string host;     // numeric when it has no name
    std::string service;  // numeric when it has none
};

/// The other way round: looks the names of an address up, in the same threads.
///
/// Returns: both names. Throws: runtime_error naming the address when the lookup fails.
/// Cancellation: at once. Fairness: always yields. Threads: the loop's.
[[nodiscard]] coro<name_info> getnameinfo(address of);

}  // namespace rondo
