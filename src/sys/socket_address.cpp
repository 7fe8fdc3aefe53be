// SPDX-License-Identifier: MIT
#include "sys/raw_address.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <system_error>

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace rondo::sys {

namespace {

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

/// The number of a scope such as "eth0" or "2"; 0 when there is none of that name.
std::uint32_t scope_of(const char* name) noexcept {
    const unsigned index = ::if_nametoindex(name);
    if (index != 0) {
        return index;
    }
    std::uint32_t number = 0;
    const char* const end = name + std::strlen(name);
    const auto parsed = std::from_chars(name, end, number);
    return parsed.ec == std::errc() && parsed.ptr == end ? number : 0;
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

}  // namespace

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

// ---- by name

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

}  // namespace rondo::sys
