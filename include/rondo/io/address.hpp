// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/socket_types.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace rondo {

/// Where a socket is, or is to be: an IPv4 or IPv6 address and a port, or the path of a Unix
/// socket. A value.
class address {
public:
    /// None.
    address() = default;
    /// From a numeric host, such as "127.0.0.1", "::1" or "fe80::1%eth0". Throws invalid_argument
    /// for anything else; `getaddrinfo` looks names up.
    address(std::string_view host, std::uint16_t port);
    explicit address(const detail::socket_address& raw) noexcept : raw_(raw) {}
    /// Of a Unix socket: a path in the file system, or "\0" and a name in Linux's abstract
    /// namespace. Throws invalid_argument when it is empty or longer than 107 bytes.
    static address of_path(std::string_view path);

    /// The numeric host; empty when there is none.
    std::string host() const;
    std::uint16_t port() const noexcept;
    /// What of_path() was given; empty when there is none, as at the unnamed end of a connection.
    std::string path() const;
    address_family family() const noexcept;
    bool is_ipv6() const noexcept { return family() == address_family::ipv6; }
    bool is_unix() const noexcept { return family() == address_family::local; }
    /// The same host with another port.
    address with_port(std::uint16_t port) const noexcept;
    /// "127.0.0.1:80", "[::1]:80", "/run/a.sock", "@abstract"; empty when there is none.
    std::string to_string() const;

    explicit operator bool() const noexcept { return raw_.size != 0; }
    friend bool operator==(const address& a, const address& b) noexcept;

    const detail::socket_address& raw() const noexcept { return raw_; }

private:
    detail::socket_address raw_;
};

}  // namespace rondo
