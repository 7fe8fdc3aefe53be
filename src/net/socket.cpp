// SPDX-License-Identifier: MIT
#include "io/operations.hpp"
#include "net/with_pauses.hpp"
#include "sys/sys.hpp"
#include "sys/unique_fd.hpp"
#include <rondo/net/getaddrinfo.hpp>
#include <rondo/net/socket.hpp>

#include <cerrno>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace rondo {

using detail::check_io;
using detail::fd_ref;

namespace {

// The coroutines own what they use, so that the socket may be moved, or go, meanwhile. They take
// it out of their parameter, which would live as long as the task that ran them.

coro<std::string> recv_from(fd_ref from, std::size_t most) {
    const fd_ref on = std::move(from);
    std::string data;
    detail::append_operation recv(*on, data, most);
    if (most > 0) {
        check_io(co_await recv, "recv");
    }
    co_return data;
}

coro<std::size_t> recv_into_memory(fd_ref from, std::span<char> to) {
    if (to.empty()) {
        co_return 0;
    }
    const fd_ref on = std::move(from);
    detail::recv_operation recv(*on, to);
    co_return static_cast<std::size_t>(check_io(co_await recv, "recv"));
}

coro<std::size_t> send_some(fd_ref to, std::string_view data) {
    const fd_ref on = std::move(to);
    detail::send_operation send(*on, data);
    co_return static_cast<std::size_t>(check_io(co_await send, "send"));
}

coro<socket> accept_one(fd_ref listener) {
    const fd_ref on = std::move(listener);
    detail::accept_operation accept(*on);
    const auto fd = check_io(co_await accept, "accept");
    co_return socket(detail::own_fd(static_cast<int>(fd)));
}

coro<void> connect_to(fd_ref s, address to) {
    std::ptrdiff_t result = 0;
    if (to.is_unix()) {
        const auto attempt = [&to](int fd) { return sys::connect(fd, to.raw()); };
        result = co_await detail::with_pauses(std::move(s), attempt);
    } else {
        const fd_ref on = std::move(s);
        detail::connect_operation connect(*on, to.raw());
        result = co_await connect;
    }
    if (result < 0) {
        detail::throw_io_error(static_cast<int>(result), "connect to " + to.to_string());
    }
}

coro<void> connect_to_host(fd_ref s, std::string host, std::uint16_t port) {
    const fd_ref used = std::move(s);
    sys::socket_address own;
    check_io(used->is_closed() ? -EBADF : sys::getsockname(used->fd(), own), "connect");
    std::exception_ptr error;
    const auto found = co_await getaddrinfo(std::move(host), port);
    for (const address& to : found) {
        if (to.family() != sys::family_of(own)) {
            continue;
        }
        try {
            co_await connect_to(used, to);
            co_return;
        } catch (const std::exception&) {
            error = std::current_exception();
        }
    }
    if (error) {
        std::rethrow_exception(error);
    }
    throw std::runtime_error("connect: the host has no address of the socket's kind");
}

const fd_ref& check_open(const fd_ref& state, const char* operation) {
    if (!state || state->is_closed()) {
        detail::throw_io_error(-EBADF, operation);
    }
    return state;
}

address address_by(int (*get)(int, sys::socket_address&) noexcept, const fd_ref& state,
                   const char* operation) {
    sys::socket_address raw;
    check_io(get(check_open(state, operation)->fd(), raw), operation);
    return address(raw);
}

}  // namespace

// ---- making and ending

namespace {

detail::fd_ref new_socket(sys::family f) {
    const int fd = sys::socket_stream(f);
    if (fd == -EMFILE) {
        detail::throw_io_error(fd, "socket: this process has all the " +
                                       std::to_string(sys::descriptor_limit()) +
                                       " descriptors that it may have (ulimit -n)");
    }
    return detail::own_fd(static_cast<int>(check_io(fd, "socket")));
}

}  // namespace

socket socket::tcp(bool ipv6) {
    return socket(new_socket(ipv6 ? sys::family::ipv6 : sys::family::ipv4));
}

socket socket::for_address(const address& at) { return socket(new_socket(at.family())); }

std::pair<socket, socket> socket::pair() {
    int ends[2];
    check_io(sys::socket_pair(ends), "socketpair");
    sys::unique_fd far(ends[1]);
    socket near(detail::own_fd(ends[0]));
    return {std::move(near), socket(detail::own_fd(far.release()))};
}

socket::socket(int fd) : state_(detail::own_fd(fd)) {
    check_io(sys::set_nonblocking(fd), "socket: a file descriptor");
}

socket::socket(detail::core_ref<detail::fd_state> state) noexcept : state_(std::move(state)) {}
socket::socket(socket&& other) noexcept = default;

socket& socket::operator=(socket&& other) noexcept {
    if (this != &other) {
        close();
        state_ = std::move(other.state_);
    }
    return *this;
}

socket::~socket() { close(); }

void socket::close() noexcept {
    if (state_) {
        state_->close();
    }
}

bool socket::is_closed() const noexcept { return !state_ || state_->is_closed(); }

int socket::fileno() const noexcept { return is_closed() ? -1 : state_->fd(); }

int socket::detach() {
    check_open(state_, "detach");
    if (state_->awaited(detail::io_side::read) || state_->awaited(detail::io_side::write)) {
        throw std::runtime_error("socket::detach: a task waits for this socket");
    }
    return state_->give_away();
}

// ---- without waiting

void socket::bind(const address& at) {
    check_open(state_, "bind");
    const int result = sys::bind(state_->fd(), at.raw());
    if (result < 0) {
        detail::throw_io_error(result, "bind to " + at.to_string());
    }
}

void socket::listen(int backlog) {
    check_open(state_, "listen");
    const int result = sys::listen(state_->fd(), backlog);
    if (result < 0) {
        detail::throw_io_error(result, "listen at " + getsockname().to_string());
    }
}

void socket::shutdown(shutdown_how how) {
    check_open(state_, "shutdown");
    check_io(sys::shutdown(state_->fd(), how), "shutdown");
}

address socket::getsockname() const { return address_by(sys::getsockname, state_, "getsockname"); }
address socket::getpeername() const { return address_by(sys::getpeername, state_, "getpeername"); }

void socket::set_option(socket_option option, int value) {
    check_open(state_, "set_option");
    check_io(sys::set_option(state_->fd(), option, value), "set_option");
}

int socket::get_option(socket_option option) const {
    check_open(state_, "get_option");
    int value = 0;
    check_io(sys::get_option(state_->fd(), option, value), "get_option");
    return value;
}

// ---- awaitables

coro<socket> socket::accept() { return accept_one(check_open(state_, "accept")); }
coro<void> socket::connect(address to) { return connect_to(check_open(state_, "connect"), to); }
coro<void> socket::connect(std::string host, std::uint16_t port) {
    return connect_to_host(check_open(state_, "connect"), std::move(host), port);
}
coro<std::string> socket::recv(std::size_t most) {
    return recv_from(check_open(state_, "recv"), most);
}
coro<std::size_t> socket::recv_into(std::span<char> to) {
    return recv_into_memory(check_open(state_, "recv_into"), to);
}
coro<std::size_t> socket::send(std::string_view data) {
    return send_some(check_open(state_, "send"), data);
}
coro<void> socket::sendall(std::string_view data) {
    return detail::send_all(check_open(state_, "sendall"), data, "sendall");
}

sock_ref::sock_ref(const socket& s) : state_(s.state()) {}
sock_ref::sock_ref(int fd) : state_(detail::borrow_fd(fd)) {}
sock_ref::sock_ref(const sock_ref& other) noexcept = default;
sock_ref::~sock_ref() = default;

coro<std::string> sock_recv(sock_ref from, std::size_t most) {
    return recv_from(from.state(), most);
}
coro<std::size_t> sock_recv_into(sock_ref from, std::span<char> to) {
    return recv_into_memory(from.state(), to);
}
coro<void> sock_sendall(sock_ref to, std::string_view data) {
    return detail::send_all(to.state(), data, "sendall");
}
coro<socket> sock_accept(sock_ref listener) { return accept_one(listener.state()); }
coro<void> sock_connect(sock_ref s, address to) { return connect_to(s.state(), to); }

}  // namespace rondo
