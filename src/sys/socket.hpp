// SPDX-License-Identifier: MIT
#pragma once

#include "sys/pieces.hpp"
#include <rondo/base/detail/socket_types.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The system calls about sockets, and the C library's name lookup. Negative results are -errno.
/// Sockets are made non-blocking and close-on-exec.
namespace rondo::sys {

using family = address_family;
using half = shutdown_how;
using detail::socket_address;
using detail::socket_transfer;
using rondo::socket_option;

/// Fills `to` from a numeric address; false when `host` is none.
bool parse_ip(const char* host, std::uint16_t port, socket_address& to) noexcept;
/// The numeric address; empty when it is no IP address.
std::string ip_of(const socket_address& address);
std::uint16_t port_of(const socket_address& address) noexcept;
void set_port(socket_address& address, std::uint16_t port) noexcept;
family family_of(const socket_address& address) noexcept;

inline constexpr std::size_t longest_path = 107;
/// The address of a Unix socket: a path, or "\0" and a name in the abstract namespace; at most
/// `longest_path` bytes.
socket_address from_path(std::string_view path) noexcept;
/// What from_path() was given; empty when it has none.
std::string path_of(const socket_address& address);

/// Looks a name up, for stream sockets. Blocks. 0, or a code for lookup_message().
int lookup(const char* host, std::vector<socket_address>& found);
/// The names of an address and of its port. Blocks. 0, or a code for lookup_message().
int reverse_lookup(const socket_address& address, std::string& host, std::string& service);
std::string lookup_message(int code);

int socket_stream(family f) noexcept;
int socket_datagram(family f) noexcept;
/// Two Unix sockets that are connected with each other.
int socket_pair(int (&ends)[2]) noexcept;
int bind(int fd, const socket_address& address) noexcept;
int listen(int fd, int backlog) noexcept;
int accept(int fd) noexcept;
/// -EINPROGRESS when interrupted, too: the kernel goes on connecting.
int connect(int fd, const socket_address& address) noexcept;
std::ptrdiff_t recv(int fd, void* to, std::size_t most) noexcept;
/// Never raises SIGPIPE.
std::ptrdiff_t send(int fd, const void* from, std::size_t size) noexcept;
/// The same of several pieces, one after the other. Of more than `most_pieces` the first so many.
std::ptrdiff_t send_pieces(int fd, std::span<const std::string_view> pieces) noexcept;
/// Those calls one after the other.
void recv_each(std::span<socket_transfer> transfers) noexcept;
void send_each(std::span<socket_transfer> transfers) noexcept;
/// One datagram. Gives its size, even if only `most` bytes of it were taken.
std::ptrdiff_t recv_from(int fd, void* to, std::size_t most, socket_address& from) noexcept;
/// That of the datagram that comes next, which stays.
std::ptrdiff_t size_of_datagram(int fd) noexcept;
/// One datagram; `to` is none when the socket is connected.
std::ptrdiff_t send_to(int fd, const void* from, std::size_t size,
                       const socket_address& to) noexcept;
/// From a file's offset on, which it moves; 0 at the end of the file. Never raises SIGPIPE.
std::ptrdiff_t sendfile(int fd, int file, std::int64_t& offset, std::size_t most) noexcept;
/// Whether a descriptor of any kind is ready to read or to write, or broken: 1 or 0.
int is_ready(int fd, half which) noexcept;
int shutdown(int fd, half which) noexcept;
/// How many bytes of what was sent the other side's TCP has not got yet, as far as it has said so;
/// once writing was shut down, the end counts as one.
std::ptrdiff_t unacknowledged(int fd) noexcept;
int getsockname(int fd, socket_address& to) noexcept;
int getpeername(int fd, socket_address& to) noexcept;

int set_option(int fd, socket_option option, int value) noexcept;
int get_option(int fd, socket_option option, int& value) noexcept;

int set_nonblocking(int fd) noexcept;
/// 1 or 0.
int is_nonblocking(int fd) noexcept;
/// Another descriptor of the same thing.
int duplicate(int fd) noexcept;

}  // namespace rondo::sys
