// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace rondo {

enum class address_family : std::uint8_t { ipv4, ipv6, local };

/// Which direction of a connection is shut down.
enum class shutdown_how : std::uint8_t { read, write, both };

enum class socket_option : std::uint8_t {
    reuse_address,
    reuse_port,
    keep_alive,
    no_delay,
    ipv6_only,
    receive_buffer,
    send_buffer,
    broadcast,
};

namespace detail {

/// An address as the kernel has it: a sockaddr_storage.
struct socket_address {
    alignas(8) unsigned char bytes[128] = {};
    unsigned size = 0;  // 0: none
};

/// A recv() or send() that is one of several.
struct socket_transfer {
    int fd;
    void* memory;
    std::size_t size;
    std::ptrdiff_t result;
};

}  // namespace detail
}  // namespace rondo
