// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo::json {

/// The members of a JSON object, in the order in which they came. Names are unique: of two members
/// of one name the last one's value stays, in the first one's place.
class object {
public:
    using member = std::pair<std::string, value>;
    using const_iterator = std::vector<member>::const_iterator;

    object() = default;
    object(std::initializer_list<member> list);
    explicit object(std::vector<member> members);

    std::size_t size() const noexcept { return members_.size(); }
    bool empty() const noexcept { return members_.empty(); }
    const_iterator begin() const noexcept { return members_.begin(); }
    const_iterator end() const noexcept { return members_.end(); }

    bool contains(std::string_view name) const noexcept { return find(name) != nullptr; }
    /// Null where there is none.
    const value* find(std::string_view name) const noexcept;
    value* find(std::string_view name) noexcept;
    /// Throws std::out_of_range where there is none.
    const value& at(std::string_view name) const;
    /// Adds one that is missing.
    value& operator[](std::string_view name);
    /// Whether there was one.
    bool erase(std::string_view name);

    /// Whatever the order.
    friend bool operator==(const object& a, const object& b) noexcept { return a.equals(b); }

private:
    bool equals(const object& other) const noexcept;
    void index();
    std::size_t position(std::string_view name) const noexcept;

    std::vector<member> members_;
    std::vector<std::uint32_t> by_name_;  // members_ sorted; empty while there are few
};

}  // namespace rondo::json
