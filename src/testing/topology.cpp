// SPDX-License-Identifier: MIT
#include "testing/topology.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace rondo::testing::simulation {

std::size_t topology::host(std::string_view name) {
    if (const auto known = find(name)) {
        return *known;
    }
    names_.emplace_back(name);
    return names_.size() - 1;
}

std::optional<std::size_t> topology::find(std::string_view name) const {
    const auto at = std::find(names_.begin(), names_.end(), name);
    return at == names_.end() ? std::nullopt
                              : std::optional(static_cast<std::size_t>(at - names_.begin()));
}

/// 10.0.0.1, 10.0.0.2 … and fd00::1, fd00::2 …
address topology::address_of(std::size_t host, bool ipv6) const {
    const std::size_t number = host + 1;
    char text[32];
    if (ipv6) {
        std::snprintf(text, sizeof text, "fd00::%zx", number & 0xffff);
    } else {
        std::snprintf(text, sizeof text, "10.0.%zu.%zu", number >> 8 & 0xff, number & 0xff);
    }
    return address(text, 0);
}

std::optional<std::size_t> topology::owner_of(const address& a, std::size_t from) const {
    const address host_only = a.with_port(0);
    if (host_only == address(a.is_ipv6() ? "::1" : "127.0.0.1", 0)) {
        return from;
    }
    for (std::size_t host = 0; host < names_.size(); ++host) {
        if (host_only == address_of(host, a.is_ipv6())) {
            return host;
        }
    }
    return std::nullopt;
}

void topology::set_link(std::size_t a, std::size_t b, std::optional<network_link> link) {
    if (link) {
        links_.insert_or_assign(std::minmax(a, b), *link);
    } else {
        links_.erase(std::minmax(a, b));
    }
}

const network_link& topology::link(std::size_t a, std::size_t b) const {
    const auto special = links_.find(std::minmax(a, b));
    return special == links_.end() ? common_ : special->second;
}

namespace {

void check_chance(const char* name, double chance) {
    if (!(chance >= 0 && chance <= 1)) {
        throw std::invalid_argument(std::string("network_link: ") + name +
                                    " is a chance, from 0 "
                                    "to 1, and not " +
                                    std::to_string(chance));
    }
}

}  // namespace

void check_link(const network_link& link) {
    check_chance("losses", link.losses);
    check_chance("resets", link.resets);
    check_chance("refusals", link.refusals);
    check_chance("shorts", link.shorts);
    if (link.latency < nanoseconds::zero() || link.jitter < nanoseconds::zero() ||
        link.bytes_per_second < 0) {
        throw std::invalid_argument(
            "network_link: latency, jitter and bytes_per_second are not negative");
    }
    if (link.segment == 0 || link.window == 0) {
        throw std::invalid_argument("network_link: segment and window are at least one byte");
    }
}

}  // namespace rondo::testing::simulation
