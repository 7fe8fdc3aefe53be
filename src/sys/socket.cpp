// SPDX-License-Identifier: MIT
#include "sys/door.hpp"
#include "sys/io_vector.hpp"
#include "sys/raw_address.hpp"
#include "sys/without_sigpipe.hpp"

#include <cerrno>
#include <cstddef>

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

namespace rondo::sys {

namespace {

int raw_family(family f) noexcept {
    switch (f) {
        case family::ipv6:
            return AF_INET6;
        case family::local:
            return AF_UNIX;
        case family::ipv4:
            break;
    }
    return AF_INET;
}

struct option_name {
    int level;
    int name;
};

option_name name_of(socket_option option) noexcept {
    switch (option) {
        case socket_option::reuse_address:
            return {SOL_SOCKET, SO_REUSEADDR};
        case socket_option::reuse_port:
            return {SOL_SOCKET, SO_REUSEPORT};
        case socket_option::keep_alive:
            return {SOL_SOCKET, SO_KEEPALIVE};
        case socket_option::no_delay:
            return {IPPROTO_TCP, TCP_NODELAY};
        case socket_option::ipv6_only:
            return {IPPROTO_IPV6, IPV6_V6ONLY};
        case socket_option::receive_buffer:
            return {SOL_SOCKET, SO_RCVBUF};
        case socket_option::send_buffer:
            return {SOL_SOCKET, SO_SNDBUF};
        case socket_option::broadcast:
            return {SOL_SOCKET, SO_BROADCAST};
    }
    return {-1, -1};
}

int flags_of(int fd) noexcept {
    return ask(call::fcntl, [&] { return ::fcntl(fd, F_GETFL); });
}

}  // namespace

int socket_stream(family f) noexcept {
    return ask(
        call::socket, -1,
        [&] { return ::socket(raw_family(f), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); },
        [&](socket_calls& s) { return s.socket_stream(f); });
}

int socket_datagram(family f) noexcept {
    return ask(call::socket, [&] {
        return ::socket(raw_family(f), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    });
}

int socket_pair(int (&ends)[2]) noexcept {
    return ask(call::socketpair, [&] {
        return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends);
    });
}

int bind(int fd, const socket_address& address) noexcept {
    return ask(
        call::bind, fd, [&] { return ::bind(fd, raw(address), address.size); },
        [&](socket_calls& s) { return s.bind(fd, address); });
}

int listen(int fd, int backlog) noexcept {
    return ask(
        call::listen, fd, [&] { return ::listen(fd, backlog); },
        [&](socket_calls& s) { return s.listen(fd, backlog); });
}

int accept(int fd) noexcept {
    return repeated([&] {
        return ask(
            call::accept, fd,
            [&] { return ::accept4(fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); },
            [&](socket_calls& s) { return s.accept(fd); });
    });
}

int connect(int fd, const socket_address& address) noexcept {
    const int result = ask(
        call::connect, fd, [&] { return ::connect(fd, raw(address), address.size); },
        [&](socket_calls& s) { return s.connect(fd, address); });
    return result == -EINTR ? -EINPROGRESS : result;
}

std::ptrdiff_t recv(int fd, void* to, std::size_t most) noexcept {
    return repeated([&] {
        return ask(
            call::recv, fd, [&]() -> std::ptrdiff_t { return ::recv(fd, to, most, 0); },
            [&](socket_calls& s) { return s.recv(fd, to, most); });
    });
}

std::ptrdiff_t send(int fd, const void* from, std::size_t size) noexcept {
    return repeated([&] {
        return ask(
            call::send, fd,
            [&]() -> std::ptrdiff_t { return ::send(fd, from, size, MSG_NOSIGNAL); },
            [&](socket_calls& s) { return s.send(fd, from, size); });
    });
}

std::ptrdiff_t send_pieces(int fd, std::span<const std::string_view> pieces) noexcept {
    return repeated([&] {
        return ask(
            call::sendmsg, fd,
            [&]() -> std::ptrdiff_t {
                io_vector vector(pieces);
                msghdr message{};
                message.msg_iov = vector.data();
                message.msg_iovlen = vector.size();
                return ::sendmsg(fd, &message, MSG_NOSIGNAL);
            },
            [&](socket_calls& s) { return s.send_pieces(fd, pieces); });
    });
}

void recv_each(std::span<socket_transfer> transfers) noexcept {
    for (socket_transfer& t : transfers) {
        t.result = recv(t.fd, t.memory, t.size);
    }
}

void send_each(std::span<socket_transfer> transfers) noexcept {
    for (socket_transfer& t : transfers) {
        t.result = send(t.fd, t.memory, t.size);
    }
}

std::ptrdiff_t recv_from(int fd, void* to, std::size_t most, socket_address& from) noexcept {
    socklen_t size = sizeof from.bytes;
    const auto got = repeated([&] {
        return ask(call::recvfrom, [&]() -> std::ptrdiff_t {
            size = sizeof from.bytes;
            return ::recvfrom(fd, to, most, MSG_TRUNC, raw(from), &size);
        });
    });
    from.size = got < 0 ? 0 : size;
    return got;
}

std::ptrdiff_t size_of_datagram(int fd) noexcept {
    return repeated([&] {
        return ask(call::recvfrom, [&]() -> std::ptrdiff_t {
            return ::recv(fd, nullptr, 0, MSG_PEEK | MSG_TRUNC);
        });
    });
}

std::ptrdiff_t send_to(int fd, const void* from, std::size_t size,
                       const socket_address& to) noexcept {
    return repeated([&] {
        return ask(call::sendto, [&]() -> std::ptrdiff_t {
            const sockaddr* target = to.size == 0 ? nullptr : raw(to);
            return ::sendto(fd, from, size, MSG_NOSIGNAL, target, to.size);
        });
    });
}

std::ptrdiff_t sendfile(int fd, int file, std::int64_t& offset, std::size_t most) noexcept {
    static_assert(sizeof(off_t) == sizeof offset);
    const without_sigpipe guard;  // there is no MSG_NOSIGNAL for sendfile
    return repeated([&] {
        return ask(call::sendfile,
                   [&]() -> std::ptrdiff_t { return ::sendfile(fd, file, &offset, most); });
    });
}

int is_ready(int fd, half which) noexcept {
    pollfd asked{fd, static_cast<short>(which == half::read ? POLLIN | POLLPRI : POLLOUT), 0};
    const int told = repeated([&] {
        return ask(
            call::poll, fd, [&] { return ::poll(&asked, 1, 0); },
            [&](socket_calls& s) { return s.is_ready(fd, which); });
    });
    return told > 0 && (asked.revents & POLLNVAL) != 0 ? -EBADF : told;
}

int shutdown(int fd, half which) noexcept {
    constexpr int how[] = {SHUT_RD, SHUT_WR, SHUT_RDWR};
    return ask(
        call::shutdown, fd, [&] { return ::shutdown(fd, how[static_cast<int>(which)]); },
        [&](socket_calls& s) { return s.shutdown(fd, which); });
}

std::ptrdiff_t unacknowledged(int fd) noexcept {
    int bytes = 0;
    const std::ptrdiff_t result = ask(
        call::ioctl, fd, [&]() -> std::ptrdiff_t { return ::ioctl(fd, SIOCOUTQ, &bytes); },
        [&](socket_calls& s) { return s.unacknowledged(fd); });
    return result == 0 ? bytes : result;
}

int getsockname(int fd, socket_address& to) noexcept {
    socklen_t size = sizeof to.bytes;
    return ask(
        call::getsockname, fd,
        [&] {
            const int result = ::getsockname(fd, raw(to), &size);
            to.size = result < 0 ? 0 : size;
            return result;
        },
        [&](socket_calls& s) { return s.getsockname(fd, to); });
}

int getpeername(int fd, socket_address& to) noexcept {
    socklen_t size = sizeof to.bytes;
    return ask(
        call::getpeername, fd,
        [&] {
            const int result = ::getpeername(fd, raw(to), &size);
            to.size = result < 0 ? 0 : size;
            return result;
        },
        [&](socket_calls& s) { return s.getpeername(fd, to); });
}

int set_option(int fd, socket_option option, int value) noexcept {
    const option_name o = name_of(option);
    return ask(
        call::setsockopt, fd,
        [&] { return ::setsockopt(fd, o.level, o.name, &value, sizeof value); },
        [&](socket_calls& s) { return s.set_option(fd, option, value); });
}

int get_option(int fd, socket_option option, int& value) noexcept {
    const option_name o = name_of(option);
    socklen_t size = sizeof value;
    return ask(
        call::getsockopt, fd, [&] { return ::getsockopt(fd, o.level, o.name, &value, &size); },
        [&](socket_calls& s) { return s.get_option(fd, option, value); });
}

int set_nonblocking(int fd) noexcept {
    const int flags = flags_of(fd);
    return flags < 0 ? flags
                     : ask(call::fcntl, [&] { return ::fcntl(fd, F_SETFL, flags | O_NONBLOCK); });
}

int is_nonblocking(int fd) noexcept {
    const int flags = flags_of(fd);
    return flags < 0 ? flags : (flags & O_NONBLOCK) != 0;
}

int duplicate(int fd) noexcept {
    return ask(call::fcntl, [&] { return ::fcntl(fd, F_DUPFD_CLOEXEC, 0); });
}

}  // namespace rondo::sys
