// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// The system calls about sockets, and the C library's name lookup. Negative results are -errno.
/// Sockets are made non-blocking and close-on-exec.
namespace rondo::sys {

enum class family : std::uint8_t { ipv4, ipv6 };

/// An address as the kernel has it: a sockaddr_storage.
struct socket_address {
    alignas(8) unsigned char bytes[128] = {};
    unsigned size = 0;  // 0: none
};

/// Fills `to` from a numeric address; false when `host` is none.
bool parse_ip(const char* host, std::uint16_t port, socket_address& to) noexcept;
/// The numeric address; empty when it is no IP address.
std::string ip_of(const socket_address& address);
std::uint16_t port_of(const socket_address& address) noexcept;
void set_port(socket_address& address, std::uint16_t port) noexcept;
bool is_ipv6(const socket_address& address) noexcept;

/// Looks a name up, for stream sockets. Blocks. 0, or a code for lookup_message().
int lookup(const char* host, std::vector<socket_address>& found);
std::string lookup_message(int code);

int socket_stream(family f) noexcept;
int bind(int fd, const socket_address& address) noexcept;
int listen(int fd, int backlog) noexcept;
int accept(int fd) noexcept;
/// -EINPROGRESS when interrupted, too: the kernel goes on connecting.
int connect(int fd, const socket_address& address) noexcept;
std::ptrdiff_t recv(int fd, void* to, std::size_t most) noexcept;
/// Never raises SIGPIPE.
std::ptrdiff_t send(int fd, const void* from, std::size_t size) noexcept;
enum class half : std::uint8_t { read, write, both };
int shutdown(int fd, half which) noexcept;
int getsockname(int fd, socket_address& to) noexcept;
int getpeername(int fd, socket_address& to) noexcept;

enum class socket_option : std::uint8_t {
    reuse_address,
    reuse_port,
    keep_alive,
    no_delay,
    ipv6_only,
    receive_buffer,
    send_buffer,
};
int set_option(int fd, socket_option option, int value) noexcept;
int get_option(int fd, socket_option option, int& value) noexcept;

int set_nonblocking(int fd) noexcept;
/// 1 or 0.
int is_nonblocking(int fd) noexcept;

}  // namespace rondo::sys
