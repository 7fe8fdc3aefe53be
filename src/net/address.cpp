// SPDX-License-Identifier: MIT
#include <rondo/net/address.hpp>
#include <rondo/os/threads.hpp>
#include <rondo/sys/door.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rondo {

address::address(std::string_view host, std::uint16_t port) {
    const std::string text(host);
    if (!sys::parse_ip(text.c_str(), port, raw_)) {
        throw std::invalid_argument("address: '" + text +
                                    "' is no numeric address; getaddrinfo looks names up");
    }
}

address address::with_port(std::uint16_t port) const noexcept {
    address result = *this;
    sys::set_port(result.raw_, port);
    return result;
}

std::string address::to_string() const {
    if (!*this) {
        return {};
    }
    const std::string number = std::to_string(port());
    return is_ipv6() ? "[" + host() + "]:" + number : host() + ":" + number;
}

bool operator==(const address& a, const address& b) noexcept {
    return a.raw_.size == b.raw_.size &&
           std::equal(a.raw_.bytes, a.raw_.bytes + a.raw_.size, b.raw_.bytes);
}

namespace {

std::vector<address> addresses_of(const std::string& host, std::uint16_t port, int code,
                                  const std::vector<sys::socket_address>& found) {
    if (code != 0) {
        throw std::runtime_error("getaddrinfo: " + host + ": " + sys::lookup_message(code));
    }
    std::vector<address> result;
    for (const sys::socket_address& raw : found) {
        const address a = address(raw).with_port(port);
        if (std::find(result.begin(), result.end(), a) == result.end()) {
            result.push_back(a);
        }
    }
    return result;
}

std::vector<address> look_up(const std::string& host, std::uint16_t port) {
    std::vector<sys::socket_address> found;
    const int code = sys::lookup(host.c_str(), found);
    return addresses_of(host, port, code, found);
}

}  // namespace

coro<std::vector<address>> getaddrinfo(std::string host, std::uint16_t port) {
    sys::socket_address numeric;
    if (sys::parse_ip(host.c_str(), port, numeric)) {
        co_return std::vector<address>{address(numeric)};
    }
    if (host == "localhost") {
        co_return std::vector<address>{address("127.0.0.1", port), address("::1", port)};
    }
    std::vector<sys::socket_address> found;
    if (int code = 0; sys::lookup_at_once(host.c_str(), found, code)) {
        co_return addresses_of(host, port, code, found);
    }
    co_return co_await to_thread(abandon_on_cancel, look_up, std::move(host), port);
}

}  // namespace rondo
