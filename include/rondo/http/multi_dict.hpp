// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo::http {

/// Names and values in their order, where a name may stand several times: the parameters of a
/// query, cookies, fields of a form. Names are compared with case. Starlette's MultiDict.
///
///     for (std::string_view tag : request.query_params().get_all("tag")) { … }
///
/// The views that it gives are good until it changes. Threads: as a std::vector.
class multi_dict {
public:
    using value_type = std::pair<std::string, std::string>;

    // ---- operations
    void add(std::string name, std::string value) {
        entries_.emplace_back(std::move(name), std::move(value));
    }
    void clear() noexcept { entries_.clear(); }

    // ---- observers
    /// The value of the last of that name, as in Starlette.
    std::optional<std::string_view> get(std::string_view name) const noexcept;
    /// The values of all of that name, in their order.
    std::vector<std::string_view> get_all(std::string_view name) const;
    bool contains(std::string_view name) const noexcept { return get(name).has_value(); }
    /// The value of the last of that name, or "".
    std::string operator[](std::string_view name) const;
    std::size_t size() const noexcept { return entries_.size(); }
    bool empty() const noexcept { return entries_.empty(); }
    auto begin() const noexcept { return entries_.begin(); }
    auto end() const noexcept { return entries_.end(); }

private:
    std::vector<value_type> entries_;
};

}  // namespace rondo::http
