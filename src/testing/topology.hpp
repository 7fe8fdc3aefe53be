// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/io/address.hpp>
#include <rondo/testing/network.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo::testing::simulation {

/// The hosts of a simulated network, their addresses, and what lies between each two of them.
class topology {
public:
    explicit topology(const network_link& between) : common_(between) { host("main"); }

    /// The number of a host, which is there from now on.
    std::size_t host(std::string_view name);
    /// The number of a host that is there.
    std::optional<std::size_t> find(std::string_view name) const;
    address address_of(std::size_t host, bool ipv6) const;
    /// Whose address that is, seen from `from`; none when it is nobody's.
    std::optional<std::size_t> owner_of(const address& a, std::size_t from) const;
    bool is_own(const address& a, std::size_t host) const { return owner_of(a, host) == host; }

    void set_link(const network_link& link) { common_ = link; }
    void set_link(std::size_t a, std::size_t b, std::optional<network_link> link);
    const network_link& link(std::size_t a, std::size_t b) const;

    void cut(std::size_t a, std::size_t b) { cuts_.insert(std::minmax(a, b)); }
    void join(std::size_t a, std::size_t b) { cuts_.erase(std::minmax(a, b)); }
    void join_all() { cuts_.clear(); }
    bool is_cut(std::size_t a, std::size_t b) const { return cuts_.contains(std::minmax(a, b)); }
    std::size_t size() const noexcept { return names_.size(); }

private:
    using pair = std::pair<std::size_t, std::size_t>;

    std::vector<std::string> names_;
    network_link common_;
    std::map<pair, network_link> links_;
    std::set<pair> cuts_;
};

/// Throws invalid_argument for a link that cannot be.
void check_link(const network_link& link);

}  // namespace rondo::testing::simulation
