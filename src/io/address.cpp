// SPDX-License-Identifier: MIT
#include "sys/socket.hpp"
#include <rondo/io/address.hpp>

#include <algorithm>
#include <stdexcept>

namespace rondo {

address::address(std::string_view host, std::uint16_t port) {
    const std::string text(host);
    if (text.find('\0') != std::string::npos || !sys::parse_ip(text.c_str(), port, raw_)) {
        throw std::invalid_argument("address: '" + text +
                                    "' is no numeric address; getaddrinfo looks names up");
    }
}

address address::of_path(std::string_view path) {
    const std::string text(path);
    if (path.empty() || path.size() > sys::longest_path) {
        throw std::invalid_argument("address: the path of a Unix socket has 1 to " +
                                    std::to_string(sys::longest_path) + " bytes, and '" + text +
                                    "' has " + std::to_string(path.size()));
    }
    if (path.find('\0', 1) != std::string_view::npos) {
        throw std::invalid_argument("address: the path '" + text + "' has a zero byte inside");
    }
    return address(sys::from_path(path));
}

std::string address::host() const { return sys::ip_of(raw_); }
std::uint16_t address::port() const noexcept { return sys::port_of(raw_); }
std::string address::path() const { return sys::path_of(raw_); }
address_family address::family() const noexcept { return sys::family_of(raw_); }

address address::with_port(std::uint16_t port) const noexcept {
    address result = *this;
    sys::set_port(result.raw_, port);
    return result;
}

std::string address::to_string() const {
    if (!*this) {
        return {};
    }
    if (is_unix()) {
        std::string text = path();
        std::replace(text.begin(), text.end(), '\0', '@');
        return text;
    }
    const std::string number = std::to_string(port());
    return is_ipv6() ? "[" + host() + "]:" + number : host() + ":" + number;
}

bool operator==(const address& a, const address& b) noexcept {
    return a.raw_.size == b.raw_.size &&
           std::equal(a.raw_.bytes, a.raw_.bytes + a.raw_.size, b.raw_.bytes);
}

}  // namespace rondo
