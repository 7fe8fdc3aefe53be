// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo::http {

/// The header fields of a request or a response, in their order. Names are compared without case.
///
///     http::headers h{{"content-type", "text/html"}};
///     h.add("vary", "accept");
///     for (auto [name, value] : h) { … }
///
/// What is set is checked: a name that is no token, or a value with CR, LF, NUL or another control
/// (RFC 9110 §5.5), is std::invalid_argument that says which. Spaces around a value are dropped.
/// The views that it gives are good until it changes. Threads: as a std::string.
class headers {
public:
    using field = std::pair<std::string_view, std::string_view>;
    class iterator;

    headers() = default;
    headers(std::initializer_list<field> fields);

    // ---- operations
    /// Replaces all fields of that name by one, at the place of the first.
    void set(std::string_view name, std::string_view value);
    /// Adds one, whether there are others of that name or not.
    void add(std::string_view name, std::string_view value);
    /// Removes all of that name. Returns: how many there were.
    std::size_t erase(std::string_view name);
    /// Keeps the memory.
    void clear() noexcept;

    // ---- observers
    /// The value of the first field of that name.
    std::optional<std::string_view> get(std::string_view name) const noexcept;
    /// The values of all fields of that name, in their order.
    std::vector<std::string_view> get_all(std::string_view name) const;
    bool contains(std::string_view name) const noexcept { return get(name).has_value(); }
    /// The value of the first field of that name, or "".
    std::string operator[](std::string_view name) const;
    std::size_t size() const noexcept { return entries_.size(); }
    bool empty() const noexcept { return entries_.empty(); }
    iterator begin() const noexcept;
    iterator end() const noexcept;
    /// The same fields in the same order; the case of names does not matter.
    friend bool operator==(const headers& a, const headers& b) noexcept;

    /// add() without a check, for rondo's own parts: those have checked.
    void add_checked(std::string_view name, std::string_view value);

private:
    struct entry {
        std::uint32_t name_at, name_size, value_at, value_size;
    };

    field at(const entry& e) const noexcept {
        return field(std::string_view(text_.data() + e.name_at, e.name_size),
                     std::string_view(text_.data() + e.value_at, e.value_size));
    }
    bool is_named(const entry& e, std::string_view name) const noexcept;
    void drop_garbage();

    // Names and values of all entries, and what replaced or erased ones have left behind: a field
    // costs no allocation of its own.
    std::string text_;
    std::vector<entry> entries_;
};

/// Gives pairs of name and value.
class headers::iterator {
public:
    using value_type = field;
    using difference_type = std::ptrdiff_t;

    iterator() = default;
    iterator(const headers* of, std::size_t index) noexcept : of_(of), index_(index) {}

    field operator*() const noexcept { return of_->at(of_->entries_[index_]); }
    iterator& operator++() noexcept {
        ++index_;
        return *this;
    }
    iterator operator++(int) noexcept { return iterator(of_, index_++); }
    friend bool operator==(const iterator& a, const iterator& b) noexcept {
        return a.index_ == b.index_;
    }

private:
    const headers* of_ = nullptr;
    std::size_t index_ = 0;
};

inline headers::iterator headers::begin() const noexcept { return iterator(this, 0); }
inline headers::iterator headers::end() const noexcept { return iterator(this, size()); }

}  // namespace rondo::http
