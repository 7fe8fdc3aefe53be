// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/aggregate.hpp>
#include <rondo/base/decimal.hpp>
#include <rondo/base/detail/type_table.hpp>
#include <rondo/base/model.hpp>
#include <rondo/base/uuid.hpp>

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

// Which table a type has. Containers, dates and pointers are recognised by what they can do, so
// that their headers are paid for only where they are used.

namespace rondo::detail {

template <class T>
concept integer_like =
    std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char> &&
    !std::is_same_v<T, wchar_t> && !std::is_same_v<T, char8_t> && !std::is_same_v<T, char16_t> &&
    !std::is_same_v<T, char32_t>;
template <class T>
concept real_like = std::is_same_v<T, float> || std::is_same_v<T, double>;
template <class T>
concept scalar_like = requires(const T& t, std::string_view text) {
    { T::parse(text) } -> std::same_as<std::optional<T>>;
    { t.to_string() } -> std::same_as<std::string>;
};
template <class T>
concept time_point_like = requires(const T& t) {
    typename T::clock;
    typename T::duration;
    t.time_since_epoch();
};
template <class T>
concept system_time = time_point_like<T> && requires { T::clock::to_time_t(T{}); };
template <class T>
concept local_time_like = time_point_like<T> && !requires { T::clock::now(); };
template <class T>
concept whole_days =
    time_point_like<T> && T::duration::period::num == 86400 && T::duration::period::den == 1;
template <class T>
concept calendar_date = requires(const T& t) { T(t.year(), t.month(), t.day()).ok(); };
template <class T>
concept clock_reading = requires(const T& t) {
    t.hours();
    t.subseconds();
    t.to_duration();
};
template <class T>
concept optional_like = nullable_value<T> && requires(T& t) { t.emplace(); };
template <class T>
concept owner_like = nullable_value<T> && requires(T& t) {
    typename T::element_type;
    typename T::deleter_type;
    t.get();
};
template <class T>
concept tuple_like = std::is_class_v<T> && requires { std::tuple_size<T>::value; };
template <class T>
concept range_like = requires(const T& t) {
    typename T::value_type;
    t.begin();
    t.end();
    t.size();
};
template <class T>
concept map_like = range_like<T> && requires { typename T::mapped_type; };
template <class T>
concept set_like = range_like<T> && !map_like<T> && requires { typename T::key_type; };
template <class T>
concept sequence_like =
    range_like<T> && requires(T& t, const typename T::value_type& v) { t.push_back(v); };
template <class T>
inline constexpr bool is_variant = false;
template <class... A>
inline constexpr bool is_variant<std::variant<A...>> = true;
/// A class that says more about itself than its members do.
template <class T>
concept describes_itself = requires(model<T>& m) { T::describe(m); };
template <class T>
concept described_elsewhere = requires(model<T>& m) { describe(m); };

/// A type of rondo's own with a table of its own kind: json::value, json::literal, json::partial.
template <class T>
concept own_table = requires { T::rondo_type_table(); };

/// The one place where the kind of a type is decided; in this order.
template <class T>
consteval type_kind kind_of() {
    if constexpr (std::is_same_v<T, bool>) {
        return type_kind::boolean;
    } else if constexpr (integer_like<T>) {
        return std::is_signed_v<T> ? type_kind::integer : type_kind::unsigned_integer;
    } else if constexpr (real_like<T>) {
        return type_kind::real;
    } else if constexpr (std::is_same_v<T, std::string>) {
        return type_kind::text;
    } else if constexpr (std::is_enum_v<T> && !std::is_same_v<T, std::byte>) {
        return type_kind::enumeration;
    } else if constexpr (std::is_same_v<T, uuid>) {
        return type_kind::uuid;
    } else if constexpr (std::is_same_v<T, decimal>) {
        return type_kind::decimal;
    } else if constexpr (duration_like<T>) {
        return type_kind::duration;
    } else if constexpr (whole_days<T> || calendar_date<T>) {
        return type_kind::date;
    } else if constexpr (system_time<T>) {
        return type_kind::instant;
    } else if constexpr (local_time_like<T>) {
        return type_kind::local_time;
    } else if constexpr (clock_reading<T>) {
        return type_kind::time_of_day;
    } else if constexpr (scalar_like<T>) {
        return type_kind::scalar;
    } else if constexpr (optional_like<T> || owner_like<T>) {
        return type_kind::optional;
    } else if constexpr (is_variant<T>) {
        return type_kind::variant;
    } else if constexpr (std::is_same_v<T, std::vector<std::byte>>) {
        return type_kind::bytes;
    } else if constexpr (tuple_like<T>) {
        return type_kind::fixed_list;
    } else if constexpr (map_like<T>) {
        return type_kind::map;
    } else if constexpr (set_like<T> || sequence_like<T>) {
        return type_kind::list;
    } else if constexpr (aggregate<T> || describes_itself<T> || described_elsewhere<T>) {
        return type_kind::object;
    } else {
        return type_kind::none;
    }
}

}  // namespace rondo::detail
