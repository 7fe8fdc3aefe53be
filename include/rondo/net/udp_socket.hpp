// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/io/address.hpp>
#include <rondo/net/socket.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace rondo {

/// What one `recv_from` gives.
struct datagram {
    datagram() = default;  // no aggregate: those break in co_await expressions with GCC 12

    std::string data;
    address from;            // none when the sender has no name
    bool truncated = false;  // it was longer than what was asked for, and the rest is gone
};

/// Datagrams: UDP, or Unix sockets, as awaits. asyncio has them only as callbacks.
///
///     rondo::udp_socket s(rondo::address("127.0.0.1", 9999));
///     auto got = co_await s.recv_from();
///     co_await s.send_to(got.data, got.from);
///
/// Nothing is kept on this side of the kernel, so its buffers are the bound: a sender waits until
/// there is room, and what finds none at the receiver is dropped, as datagrams may be. Each send is
/// one datagram, also an empty one.
///
/// At a time one task may wait to receive and one to send; another one gets runtime_error. Errors
/// of the kernel are system_error. One that comes back by ICMP, such as ECONNREFUSED, is thrown by
/// the next call of a *connected* socket, which can be used on. Owned by one, moved, closed by the
/// destructor; those who wait then get system_error (EBADF). Threads: the loop's.
class udp_socket {
public:
    /// Bound to that address; port 0 lets the kernel choose. Throws system_error naming it.
    explicit udp_socket(const address& local);
    /// Not bound: the kernel chooses an address at the first send.
    static udp_socket unbound(bool ipv6 = false);

    // ---- without waiting
    /// From now on only datagrams from there are received, and `send` goes there. Throws
    /// system_error naming the address.
    void connect(const address& to);
    /// `socket_option::broadcast` allows to send to broadcast addresses.
    void set_option(socket_option option, int value) { socket_.set_option(option, value); }
    int get_option(socket_option option) const { return socket_.get_option(option); }
    /// May be repeated.
    void close() noexcept { socket_.close(); }
    bool is_closed() const noexcept { return socket_.is_closed(); }
    /// The descriptor; -1 when closed.
    int fileno() const noexcept { return socket_.fileno(); }
    address getsockname() const { return socket_.getsockname(); }
    /// None when it is not connected.
    address getpeername() const noexcept { return peer_; }

    // ---- awaitables
    /// Returns: one datagram; its first `most` bytes if it is longer. Throws: system_error.
    /// Cancellation: none is lost. Fairness: yields only to wait, or after many at once. Threads:
    /// the loop's.
    [[nodiscard]] coro<datagram> recv_from(std::size_t most = std::size_t{64} * 1024);
    /// The data must live until then. Returns: nothing, once the kernel has taken the datagram.
    /// Throws: system_error, EMSGSIZE for one that is too long; invalid_argument for another
    /// address than the one it is connected to. Cancellation: nothing was sent. Fairness: yields
    /// only to wait, or after many at once. Threads: the loop's.
    [[nodiscard]] coro<void> send_to(std::string_view data, address to);
    /// The same to where it is connected. Throws: system_error, EDESTADDRREQ when it is not
    /// connected. Returns, Cancellation, Fairness, Threads: as above.
    [[nodiscard]] coro<void> send(std::string_view data);

private:
    explicit udp_socket(socket s) noexcept : socket_(std::move(s)) {}

    socket socket_;
    address peer_;
};

// asyncio's loop.sock_recvfrom and loop.sock_sendto, on the running loop. Returns, Throws,
// Cancellation, Fairness and Threads are those of the members of `udp_socket`.
[[nodiscard]] coro<datagram> sock_recvfrom(sock_ref from, std::size_t most);
[[nodiscard]] coro<void> sock_sendto(sock_ref by, std::string_view data, address to);

}  // namespace rondo
