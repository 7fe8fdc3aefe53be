// SPDX-License-Identifier: MIT
#include "io/operations.hpp"
#include "net/datagram_operation.hpp"
#include "net/with_pauses.hpp"
#include <rondo/net/udp_socket.hpp>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace rondo {

using detail::check_io;
using detail::fd_ref;

namespace {

socket datagram_socket(sys::family f) {
    const auto fd = check_io(sys::socket_datagram(f), "socket");
    return socket(detail::own_fd(static_cast<int>(fd)));
}

fd_ref check_open(const socket& s, const char* operation) {
    if (s.is_closed()) {
        detail::throw_io_error(-EBADF, operation);
    }
    return s.state();
}

coro<datagram> receive(fd_ref from, std::size_t most) {
    const fd_ref on = std::move(from);
    detail::recv_from_operation recv(*on, most);
    check_io(co_await recv, "recv_from");
    co_return recv.take();
}

coro<void> send_one(fd_ref by, std::string_view data, address to) {
    std::ptrdiff_t result = 0;
    if (to.is_unix()) {
        const auto attempt = [&](int fd) {
            return sys::send_to(fd, data.data(), data.size(), to.raw());
        };
        result = co_await detail::with_pauses(std::move(by), attempt);
    } else {
        const fd_ref on = std::move(by);
        detail::send_to_operation send(*on, data, to);
        result = co_await send;
    }
    if (result < 0) {
        const bool nowhere = result == -EDESTADDRREQ;
        detail::throw_io_error(static_cast<int>(result),
                               to        ? "send to " + to.to_string()
                               : nowhere ? "send: connect() the socket first, or send_to()"
                                         : "send");
    }
}

}  // namespace

udp_socket::udp_socket(const address& local) : socket_(datagram_socket(local.family())) {
    socket_.bind(local);
}

udp_socket udp_socket::unbound(bool ipv6) {
    return udp_socket(datagram_socket(ipv6 ? sys::family::ipv6 : sys::family::ipv4));
}

void udp_socket::connect(const address& to) {
    const int result = sys::connect(check_open(socket_, "connect")->fd(), to.raw());
    if (result < 0) {
        detail::throw_io_error(result, "connect to " + to.to_string());
    }
    peer_ = to;
}

coro<datagram> udp_socket::recv_from(std::size_t most) {
    return receive(check_open(socket_, "recv_from"), most);
}

coro<void> udp_socket::send_to(std::string_view data, address to) {
    if (peer_ && to != peer_) {
        throw std::invalid_argument("udp_socket::send_to: it is connected to " + peer_.to_string() +
                                    ", and cannot send to " + to.to_string());
    }
    return send_one(check_open(socket_, "send_to"), data, to);
}

coro<void> udp_socket::send(std::string_view data) {
    return send_one(check_open(socket_, "send"), data, address());
}

coro<datagram> sock_recvfrom(sock_ref from, std::size_t most) {
    return receive(from.state(), most);
}
coro<void> sock_sendto(sock_ref by, std::string_view data, address to) {
    return send_one(by.state(), data, to);
}

}  // namespace rondo
