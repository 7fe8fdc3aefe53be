// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/type_table.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo::json {

/// What a value holds.
enum class kind : std::uint8_t {
    null,
    boolean,
    integer,           // std::int64_t
    unsigned_integer,  // std::uint64_t, for what is past std::int64_t
    real,              // double
    string,
    array,
    object,
};

class value;
class object;

/// `[1, "two", null]`
using array = std::vector<value>;

/// Any JSON value, for what has no type of its own: what `json::loads(text)` gives.
///
///     json::value v = json::loads(text);
///     for (const auto& item : v["items"].get<json::array>()) total += item["price"].as<double>();
///     v["total"] = total;
///     json::value made{{"name", "ann"}, {"tags", json::array{"a", "b"}}};
///
/// A list of pairs that begin with a string is an object, a list of several other things an array,
/// and a single thing in braces is that thing: an array of one is `json::array{x}`.
///
/// A value: it copies deeply, compares by content (1 equals 1.0), and can be shared by threads that
/// only read. Wrong kinds throw json::type_error, missing names and indices std::out_of_range.
class value {
public:
    value() noexcept = default;
    value(std::nullptr_t) noexcept {}
    value(std::same_as<bool> auto b) noexcept : kind_(kind::boolean) { number_.boolean = b; }
    template <std::integral I>
        requires(!std::same_as<I, bool> && !std::same_as<I, char>)
    value(I i) noexcept {
        if (std::is_signed_v<I> || static_cast<std::uint64_t>(i) <= INT64_MAX) {
            kind_ = kind::integer;
            number_.integer = static_cast<std::int64_t>(i);
        } else {
            kind_ = kind::unsigned_integer;
            number_.unsigned_integer = static_cast<std::uint64_t>(i);
        }
    }
    value(std::floating_point auto d) noexcept : kind_(kind::real) {
        number_.real = static_cast<double>(d);
    }
    value(std::string text);
    value(std::string_view text);
    value(const char* text);
    value(array items);
    value(object members);
    value(std::initializer_list<value> list);

    value(const value& other);
    value(value&& other) noexcept : kind_(other.kind_), number_(other.number_) {
        other.kind_ = kind::null;
    }
    value& operator=(value other) noexcept {
        swap(other);
        return *this;
    }
    ~value() {
        if (kind_ >= kind::string) {
            destroy();
        }
    }

    void swap(value& other) noexcept {
        std::swap(kind_, other.kind_);
        std::swap(number_, other.number_);
    }

    json::kind kind() const noexcept { return kind_; }
    bool is_null() const noexcept { return kind_ == kind::null; }
    bool is_string() const noexcept { return kind_ == kind::string; }
    bool is_array() const noexcept { return kind_ == kind::array; }
    bool is_object() const noexcept { return kind_ == kind::object; }
    bool is_number() const noexcept { return kind_ >= kind::integer && kind_ <= kind::real; }

    /// What it holds, as that: bool, std::string, array, object by reference; numbers by value, and
    /// only if they fit exactly.
    template <class T>
    decltype(auto) get() const {
        if constexpr (std::same_as<T, bool>) {
            return boolean();
        } else if constexpr (std::same_as<T, std::string>) {
            return string();
        } else if constexpr (std::same_as<T, array>) {
            return items();
        } else if constexpr (std::same_as<T, object>) {
            return members();
        } else if constexpr (std::is_floating_point_v<T>) {
            return static_cast<T>(real());
        } else {
            static_assert(std::is_integral_v<T>,
                          "get takes bool, numbers, std::string, "
                          "json::array and json::object; as converts");
            return narrow<T>();
        }
    }
    template <class T>
        requires(std::same_as<T, std::string> || std::same_as<T, array> || std::same_as<T, object>)
    T& get() {
        return const_cast<T&>(std::as_const(*this).template get<T>());
    }

    /// A T read from it, as `json::loads<T>` would. Defined in <rondo/json/json.hpp>.
    template <class T>
    T as() const;

    /// Items of an array or members of an object; 0 for anything else.
    std::size_t size() const noexcept;
    bool contains(std::string_view name) const noexcept;

    const value& operator[](std::string_view name) const;
    const value& operator[](const char* name) const { return (*this)[std::string_view(name)]; }
    const value& operator[](std::integral auto index) const {
        return item(static_cast<std::size_t>(index));
    }
    /// Makes an object of null, and a member of a name that is missing.
    value& operator[](std::string_view name);
    value& operator[](const char* name) { return (*this)[std::string_view(name)]; }
    value& operator[](std::integral auto index) {
        return const_cast<value&>(item(static_cast<std::size_t>(index)));
    }

    friend bool operator==(const value& a, const value& b) noexcept { return a.equals(b); }

    static constexpr detail::type_table rondo_type_table() {
        return {detail::type_kind::dynamic, 16, detail::spelled_type<value>()};
    }

private:
    bool boolean() const;
    double real() const;
    const std::string& string() const;
    const array& items() const;
    const object& members() const;
    const value& item(std::size_t index) const;
    bool equals(const value& other) const noexcept;
    std::int64_t integer(std::int64_t least, std::int64_t most) const;
    std::uint64_t unsigned_integer(std::uint64_t most) const;
    void destroy() noexcept;
    template <class T>
    T narrow() const {
        if constexpr (std::is_signed_v<T>) {
            constexpr auto most = static_cast<T>(~(T{1} << (sizeof(T) * 8 - 1)));
            return static_cast<T>(integer(-most - 1, most));
        } else {
            return static_cast<T>(unsigned_integer(static_cast<T>(-1)));
        }
    }

    json::kind kind_ = kind::null;
    union {
        bool boolean;
        std::int64_t integer;
        std::uint64_t unsigned_integer;
        double real;
        std::string* string;
        json::array* array;
        json::object* object;
    } number_ = {};
};

}  // namespace rondo::json
