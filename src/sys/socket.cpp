// SPDX-License-Identifier: MIT
#include "sys/door.hpp"
#include "sys/without_sigpipe.hpp"
#include <rondo/sys/socket.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace rondo::sys {

namespace {

sockaddr* raw(socket_address& address) noexcept {
    static_assert(sizeof address.bytes == sizeof(sockaddr_storage));
    return reinterpret_cast<sockaddr*>(address.bytes);
}
const sockaddr* raw(const socket_address& address) noexcept {
    return reinterpret_cast<const sockaddr*>(address.bytes);
}

template <class Sockaddr>
Sockaddr as(const socket_address& address) noexcept {
    Sockaddr result;
    std::memcpy(&result, address.bytes, sizeof result);
    return result;
}

template <class Sockaddr>
void store(const Sockaddr& from, socket_address& to) noexcept {
    std::memcpy(to.bytes, &from, sizeof from);
    to.size = sizeof from;
}

int raw_family_of(const socket_address& address) noexcept {
    return address.size == 0 ? AF_UNSPEC : as<sockaddr>(address).sa_family;
}

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

/// The number of a scope such as "eth0" or "2"; 0 when there is none of that name.
std::uint32_t scope_of(const char* name) noexcept {
    const unsigned index = ::if_nametoindex(name);
    return index != 0 ? index : static_cast<std::uint32_t>(std::strtoul(name, nullptr, 10));
}

bool parse_ipv6(const char* host, std::uint16_t port, socket_address& to) noexcept {
    char address[INET6_ADDRSTRLEN] = {};
    const char* percent = std::strchr(host, '%');
    const std::size_t length =
        percent != nullptr ? static_cast<std::size_t>(percent - host) : std::strlen(host);
    if (length >= sizeof address) {
        return false;
    }
    std::memcpy(address, host, length);
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    if (::inet_pton(AF_INET6, address, &six.sin6_addr) != 1) {
        return false;
    }
    if (percent != nullptr) {
        six.sin6_scope_id = scope_of(percent + 1);
        if (six.sin6_scope_id == 0) {
            return false;
        }
    }
    store(six, to);
    return true;
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

}  // namespace

// ---- addresses

bool parse_ip(const char* host, std::uint16_t port, socket_address& to) noexcept {
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    if (::inet_pton(AF_INET, host, &four.sin_addr) == 1) {
        store(four, to);
        return true;
    }
    return parse_ipv6(host, port, to);
}

std::string ip_of(const socket_address& address) {
    char text[INET6_ADDRSTRLEN] = {};
    if (raw_family_of(address) == AF_INET) {
        const auto four = as<sockaddr_in>(address);
        return ::inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
    }
    if (raw_family_of(address) != AF_INET6) {
        return {};
    }
    const auto six = as<sockaddr_in6>(address);
    std::string result = ::inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
    if (six.sin6_scope_id != 0) {
        char name[IF_NAMESIZE] = {};
        const char* known = ::if_indextoname(six.sin6_scope_id, name);
        result += '%';
        result += known != nullptr ? std::string(known) : std::to_string(six.sin6_scope_id);
    }
    return result;
}

std::uint16_t port_of(const socket_address& address) noexcept {
    switch (raw_family_of(address)) {
        case AF_INET:
            return ntohs(as<sockaddr_in>(address).sin_port);
        case AF_INET6:
            return ntohs(as<sockaddr_in6>(address).sin6_port);
        default:
            return 0;
    }
}

void set_port(socket_address& address, std::uint16_t port) noexcept {
    if (raw_family_of(address) == AF_INET) {
        auto four = as<sockaddr_in>(address);
        four.sin_port = htons(port);
        store(four, address);
    } else if (raw_family_of(address) == AF_INET6) {
        auto six = as<sockaddr_in6>(address);
        six.sin6_port = htons(port);
        store(six, address);
    }
}

family family_of(const socket_address& address) noexcept {
    switch (raw_family_of(address)) {
        case AF_INET6:
            return family::ipv6;
        case AF_UNIX:
            return family::local;
        default:
            return family::ipv4;
    }
}

socket_address from_path(std::string_view path) noexcept {
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    const std::size_t size = std::min(path.size(), longest_path);
    path.copy(local.sun_path, size);
    socket_address result;
    store(local, result);
    // A path ends with a zero; a name in the abstract namespace ends with its length.
    const bool abstract = path.starts_with('\0');
    result.size =
        static_cast<unsigned>(offsetof(sockaddr_un, sun_path) + size + (abstract ? 0 : 1));
    return result;
}

std::string path_of(const socket_address& address) {
    constexpr std::size_t before = offsetof(sockaddr_un, sun_path);
    if (raw_family_of(address) != AF_UNIX || address.size <= before) {
        return {};
    }
    const auto* path = reinterpret_cast<const char*>(address.bytes) + before;
    const std::size_t size = address.size - before;
    return {path, *path == '\0' ? size : ::strnlen(path, size)};
}

int lookup(const char* host, std::vector<socket_address>& found) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int code = ::getaddrinfo(host, nullptr, &hints, &list);
    if (code != 0) {
        return code;
    }
    for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
        socket_address address;
        if (entry->ai_addrlen <= sizeof address.bytes) {
            std::memcpy(address.bytes, entry->ai_addr, entry->ai_addrlen);
            address.size = entry->ai_addrlen;
            found.push_back(address);
        }
    }
    ::freeaddrinfo(list);
    return 0;
}

int reverse_lookup(const socket_address& address, std::string& host, std::string& service) {
    char host_name[NI_MAXHOST] = {};
    char service_name[NI_MAXSERV] = {};
    const int code = ::getnameinfo(raw(address), address.size, host_name, sizeof host_name,
                                   service_name, sizeof service_name, 0);
    host = host_name;
    service = service_name;
    return code;
}

std::string lookup_message(int code) { return ::gai_strerror(code); }

// ---- sockets

namespace {

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
    without_sigpipe guard;  // there is no MSG_NOSIGNAL for sendfile
    const auto sent = repeated([&] {
        return ask(call::sendfile,
                   [&]() -> std::ptrdiff_t { return ::sendfile(fd, file, &offset, most); });
    });
    if (sent == -EPIPE) {
        guard.forget_raised();
    }
    return sent;
}

int shutdown(int fd, half which) noexcept {
    constexpr int how[] = {SHUT_RD, SHUT_WR, SHUT_RDWR};
    return ask(
        call::shutdown, fd, [&] { return ::shutdown(fd, how[static_cast<int>(which)]); },
        [&](socket_calls& s) { return s.shutdown(fd, which); });
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
