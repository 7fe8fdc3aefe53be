// SPDX-License-Identifier: MIT

// What the system calls of a simulated socket do; as Linux does it, tcp(7) and socket(7).
#include "sys/sys.hpp"
#include "testing/network_core.hpp"

#include <algorithm>
#include <cerrno>
#include <new>
#include <string>
#include <utility>

namespace rondo::testing {

namespace {

using phase = simulation::sim_socket::phase;
using kind = simulation::segment::kind;

constexpr std::uint16_t first_free_port = 40000;
constexpr std::uint16_t last_free_port = 65535;
constexpr nanoseconds arp_patience = std::chrono::seconds(3);

template <class Call>
auto or_no_memory(Call call) noexcept -> decltype(call()) {
    try {
        return call();
    } catch (const std::bad_alloc&) {
        return -ENOMEM;
    }
}

bool is_any(const address& a) {
    return a.with_port(0) == address(a.is_ipv6() ? "::" : "0.0.0.0", 0);
}

int take_error(simulation::sim_socket& s) noexcept { return -std::exchange(s.error, 0); }

}  // namespace

// ---- making and ending

int network::core::socket_stream(sys::family f) noexcept {
    return or_no_memory(
        [&] { return number(make(simulation::current_host(), f == sys::family::ipv6)); });
}

void network::core::closes(int fd) noexcept {
    const socket_ref s = std::exchange(sockets_[static_cast<std::size_t>(fd)], nullptr);
    --open_;
    watches_ -= s->watch != nullptr ? 1 : 0;  // it may be closed under a watch, and ends it
    s->watch = nullptr;
    try {
        close(s);
    } catch (const std::bad_alloc&) {
        s->open = false;  // the other side is told when it sends something
    }
}

int network::core::is_ready(int fd, sys::half which) noexcept {
    const sim_socket& s = *find(fd);
    return which == sys::half::read ? s.readable() : s.writable(link_of(s).window);
}

int network::core::shutdown(int fd, sys::half which) noexcept {
    sim_socket& s = *find(fd);
    if (s.state != phase::connected || s.broken) {
        return -ENOTCONN;
    }
    return or_no_memory([&] {
        if (which != sys::half::write) {
            s.in_ended = s.in_shut = true;
        }
        if (which != sys::half::read && !s.out_ended) {
            send_end(s);
        }
        changed(s);
        return 0;
    });
}

std::ptrdiff_t network::core::unacknowledged(int fd) noexcept {
    const sim_socket& s = *find(fd);
    std::size_t bytes = s.held.size() + (s.end_held ? 1 : 0);
    for (const simulation::segment& under_way : s.out) {
        bytes += under_way.what == kind::data  ? under_way.size
                 : under_way.what == kind::end ? 1
                                               : 0;
    }
    return static_cast<std::ptrdiff_t>(bytes);
}

// ---- addresses

bool network::core::is_taken(const sim_socket& by, const address& a) const {
    for (sim_socket* s = all_.front(); s != nullptr; s = all_.after(*s)) {
        const bool same_place =
            s->host == by.host && s->ipv6 == by.ipv6 && s->local.port() == a.port() &&
            (is_any(s->local) || is_any(a) || s->local.with_port(0) == a.with_port(0));
        if (s != &by && s->open && s->bound && same_place && !(s->reuse_port && by.reuse_port)) {
            return true;
        }
    }
    return false;
}

/// 0 when all are taken.
std::uint16_t network::core::free_port(const sim_socket& s) {
    for (int tries = first_free_port; tries <= last_free_port; ++tries) {
        const std::uint16_t port = next_port_;
        next_port_ =
            port == last_free_port ? first_free_port : static_cast<std::uint16_t>(port + 1);
        if (!is_taken(s, s.local.with_port(port))) {
            return port;
        }
    }
    return 0;
}

int network::core::take_port(sim_socket& s, const address& wanted) {
    const std::uint16_t port = wanted.port() != 0 ? wanted.port() : free_port(s);
    if (port == 0 || is_taken(s, wanted.with_port(port))) {
        return -EADDRINUSE;
    }
    s.local = wanted.with_port(port);
    s.bound = true;
    return 0;
}

int network::core::bind_now(sim_socket& s, const address& wanted) {
    if (s.bound || s.state != phase::fresh) {
        return -EINVAL;
    }
    if (wanted.is_ipv6() != s.ipv6) {
        return -EAFNOSUPPORT;
    }
    if (!is_any(wanted) && !hosts_.is_own(wanted, s.host)) {
        return -EADDRNOTAVAIL;
    }
    return take_port(s, wanted);
}

int network::core::bind(int fd, const sys::socket_address& to) noexcept {
    return or_no_memory([&] { return bind_now(*find(fd), address(to)); });
}

int network::core::getsockname(int fd, sys::socket_address& to) noexcept {
    to = find(fd)->local.raw();
    return 0;
}

int network::core::getpeername(int fd, sys::socket_address& to) noexcept {
    const sim_socket& s = *find(fd);
    if (s.state != phase::connected || s.broken) {
        return -ENOTCONN;
    }
    to = s.remote.raw();
    return 0;
}

int network::core::set_option(int fd, sys::socket_option option, int value) noexcept {
    if (option == sys::socket_option::reuse_port) {
        find(fd)->reuse_port = value != 0;
    }
    return 0;
}

int network::core::get_option(int fd, sys::socket_option option, int& value) noexcept {
    const bool buffer =
        option == sys::socket_option::send_buffer || option == sys::socket_option::receive_buffer;
    value = buffer ? static_cast<int>(link_of(*find(fd)).window) : 0;
    return 0;
}

int network::core::lookup(const char* host, std::vector<sys::socket_address>& found) {
    constexpr int unknown_name = -2;  // EAI_NONAME
    const auto known = hosts_.find(host);
    if (!known) {
        return unknown_name;
    }
    found = {hosts_.address_of(*known, false).raw(), hosts_.address_of(*known, true).raw()};
    return 0;
}

// ---- listening and connecting

int network::core::listen(int fd, int backlog) noexcept {
    sim_socket& s = *find(fd);
    if (s.state != phase::fresh && s.state != phase::listening) {
        return -EINVAL;
    }
    return or_no_memory([&] {
        const int result = s.bound ? 0 : take_port(s, s.local);
        if (result == 0) {
            s.state = phase::listening;
            s.backlog_limit = static_cast<std::size_t>(std::max(backlog, 0)) + 1;
        }
        return result;
    });
}

network::core::sim_socket* network::core::listener_at(std::size_t host, const address& a) const {
    for (sim_socket* s = all_.front(); s != nullptr; s = all_.after(*s)) {
        if (s->state == phase::listening && s->open && s->host == host &&
            s->local.port() == a.port() && s->ipv6 == a.is_ipv6() &&
            (is_any(s->local) || s->local == a)) {
            return s;
        }
    }
    return nullptr;
}

int network::core::accept(int fd) noexcept {
    sim_socket& s = *find(fd);
    if (s.state != phase::listening) {
        return -EINVAL;
    }
    if (s.backlog.empty()) {
        return -EAGAIN;
    }
    return or_no_memory([&] {
        const int made = number(s.backlog.front());
        if (made >= 0) {
            s.backlog.pop_front();
        }
        return made;
    });
}

int network::core::connect_now(sim_socket& s, const address& to) {
    if (to.is_ipv6() != s.ipv6) {
        return -EAFNOSUPPORT;
    }
    const auto target = hosts_.owner_of(to, s.host);
    if (!s.bound) {
        const bool loopback = target == s.host;
        const address own = loopback ? to : hosts_.address_of(s.host, s.ipv6);
        if (const int result = take_port(s, own.with_port(0)); result < 0) {
            return result == -EADDRINUSE ? -EADDRNOTAVAIL : result;
        }
    }
    s.remote = to;
    s.peer_host = target.value_or(s.host);
    if (target) {
        connect(s);
    } else {
        s.state = phase::connecting;
        refuse(s, arp_patience, EHOSTUNREACH);
    }
    return -EINPROGRESS;
}

int network::core::connect(int fd, const sys::socket_address& to) noexcept {
    sim_socket& s = *find(fd);
    if (s.error != 0) {
        return take_error(s);
    }
    switch (s.state) {
        case phase::connecting:
            return -EALREADY;
        case phase::listening:
            return -EISCONN;
        case phase::connected:
            return std::exchange(s.told_connected, true) ? -EISCONN : 0;
        case phase::fresh:
            break;
    }
    return or_no_memory([&] { return connect_now(s, address(to)); });
}

// ---- bytes

std::size_t network::core::perhaps_short(sim_socket& s, std::size_t size) {
    if (size < 2 || !chance(link_of(s).shorts)) {
        return size;
    }
    changed(s);
    return 1 + random_.below(size - 1);
}

std::ptrdiff_t network::core::recv(int fd, void* to, std::size_t most) noexcept {
    sim_socket& s = *find(fd);
    if (s.state == phase::fresh || s.state == phase::listening) {
        return s.error != 0 ? take_error(s) : -ENOTCONN;
    }
    if (s.unread() == 0) {
        // An end that has come before a reset is what reads find.
        return s.in_done ? 0 : s.error != 0 ? take_error(s) : s.in_over() ? 0 : -EAGAIN;
    }
    return or_no_memory([&]() -> std::ptrdiff_t {
        const std::size_t n =
            s.in.take(static_cast<char*>(to), perhaps_short(s, std::min(most, s.unread())));
        if (!s.broken && n > 0) {
            open_window(s, n);
        }
        return static_cast<std::ptrdiff_t>(n);
    });
}

std::ptrdiff_t network::core::send_now(sim_socket& s, const char* from, std::size_t size) {
    const network_link& link = link_of(s);
    const std::size_t room = s.room(link.window);
    s.full = size > room;
    if (room == 0) {
        return size == 0 ? 0 : -EAGAIN;
    }
    const std::size_t n = perhaps_short(s, std::min(size, room));
    s.full = s.full && n == room;
    s.held.append(from, n);
    s.outstanding += n;
    send_held(s);
    if (chance(link.resets)) {
        reset(s);
    }
    return static_cast<std::ptrdiff_t>(n);
}

std::ptrdiff_t network::core::send(int fd, const void* from, std::size_t size) noexcept {
    sim_socket& s = *find(fd);
    if (s.error != 0) {
        return take_error(s);
    }
    if (s.state == phase::connecting) {
        return -EAGAIN;
    }
    if (s.state != phase::connected || s.broken || s.out_ended) {
        return -EPIPE;
    }
    return or_no_memory([&] { return send_now(s, static_cast<const char*>(from), size); });
}

std::ptrdiff_t network::core::send_pieces(int fd,
                                          std::span<const std::string_view> pieces) noexcept {
    return or_no_memory([&] {
        std::string all;
        for (const std::string_view piece :
             pieces.first(std::min(pieces.size(), sys::most_pieces))) {
            all += piece;
        }
        return send(fd, all.data(), all.size());
    });
}

}  // namespace rondo::testing
