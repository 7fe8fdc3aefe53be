// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/sys/socket.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

/// Where a socket is, or is to be: an IPv4 or IPv6 address and a port. A value.
class address {
public:
    /// None.
    address() = default;
    /// From a numeric host, such as "127.0.0.1", "::1" or "fe80::1%eth0". Throws invalid_argument
    /// for anything else; `getaddrinfo` looks names up.
    address(std::string_view host, std::uint16_t port);
    explicit address(const sys::socket_address& raw) noexcept : raw_(raw) {}

    /// The numeric host; empty when there is none.
    std::string host() const { return sys::ip_of(raw_); }
    std::uint16_t port() const noexcept { return sys::port_of(raw_); }
    bool is_ipv6() const noexcept { return sys::is_ipv6(raw_); }
    /// The same host with another port.
    address with_port(std::uint16_t port) const noexcept;
    /// "127.0.0.1:80", "[::1]:80"; empty when there is none.
    std::string to_string() const;

    explicit operator bool() const noexcept { return raw_.size != 0; }
    friend bool operator==(const address& a, const address& b) noexcept;

    const sys::socket_address& raw() const noexcept { return raw_; }

private:
    sys::socket_address raw_;
};

/// The addresses of a host, to be tried in this order. Numeric hosts and "localhost" are known;
/// other names are looked up by the C library, in a thread of the loop's pool.
///
/// Returns: at least one address, each once. Throws: runtime_error naming the host when the lookup
/// fails. Cancellation: at once; the lookup is left to its thread. Fairness: yields only to look
/// something up. Threads: the loop's.
[[nodiscard]] coro<std::vector<address>> getaddrinfo(std::string host, std::uint16_t port);

}  // namespace rondo
