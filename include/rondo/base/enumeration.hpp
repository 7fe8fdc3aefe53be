// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

namespace detail {

struct enumerator {
    std::string_view name;
    std::int64_t value;  // as enumerator_value gives it
};

/// By bits, as compiled code reads it out of an object: the sign is that of an integer of its size.
template <class E>
constexpr std::int64_t enumerator_value(E e) noexcept {
    if constexpr (sizeof(E) == 1) {
        return static_cast<std::int8_t>(e);
    } else if constexpr (sizeof(E) == 2) {
        return static_cast<std::int16_t>(e);
    } else if constexpr (sizeof(E) == 4) {
        return static_cast<std::int32_t>(e);
    } else {
        return static_cast<std::int64_t>(e);
    }
}

/// The enumerators of a type, in the order of their values, or as the type itself lists them.
struct enumerator_list {
    std::vector<enumerator> all;

    const enumerator* find(std::string_view name) const noexcept;
    const enumerator* find(std::int64_t value) const noexcept;
};

inline constexpr int most_enumerators = 64;

template <class E, E... Values>
constexpr const char* spelled_values() {
    return __PRETTY_FUNCTION__;
}

template <class E, int... I>
constexpr const char* spelled_enumerators(std::integer_sequence<int, I...>) {
    return spelled_values<E, static_cast<E>(I)...>();
}

/// Reads the names out of what the compiler spelled for the values 0, 1, 2 …: a value without a
/// name is spelled as a cast.
enumerator_list cut_enumerators(const char* spelled);

/// An enum whose namespace lists its enumerators, for values outside 0 to 63 or other names.
template <class E>
concept self_listed = std::is_enum_v<E> && requires { enumerators(E{}).begin(); };

template <class E>
enumerator_list make_enumerator_list() {
    if constexpr (self_listed<E>) {
        enumerator_list list;
        for (const auto& [name, value] : enumerators(E{})) {
            list.all.push_back({name, enumerator_value(value)});
        }
        return list;
    } else {
        static_assert(!std::is_convertible_v<E, std::underlying_type_t<E>>,
                      "rondo knows the enumerators of an enum class; for another enum write "
                      "constexpr auto enumerators(my_enum) { return std::array{std::pair(\"red\", "
                      "red)}; } beside it");
        return cut_enumerators(
            spelled_enumerators<E>(std::make_integer_sequence<int, most_enumerators>{}));
    }
}

/// Made when it is first asked for; lives as long as the program.
template <class E>
const enumerator_list& known_enumerators() {
    static const enumerator_list& list = *new enumerator_list(make_enumerator_list<E>());
    return list;
}

}  // namespace detail

/// The name of an enumerator, with a last `_` dropped; empty for a value that has none.
///
/// An enum class needs nothing if its values are within 0 to 63. For others its namespace says
/// `constexpr auto enumerators(my_enum) { return std::array{std::pair("red", my_enum::red), …}; }`;
/// so it does for an enum inside a class template whose enumerators are named nowhere before, since
/// clang does not look at those.
template <class E>
    requires std::is_enum_v<E>
std::string_view enumerator_name(E value) {
    const auto* found = detail::known_enumerators<E>().find(detail::enumerator_value(value));
    return found != nullptr ? found->name : std::string_view();
}

/// The enumerator of that name.
template <class E>
    requires std::is_enum_v<E>
std::optional<E> enumerator_from_name(std::string_view name) {
    const auto* found = detail::known_enumerators<E>().find(name);
    return found != nullptr ? std::optional(static_cast<E>(found->value)) : std::nullopt;
}

/// The names of all enumerators, in order.
template <class E>
    requires std::is_enum_v<E>
std::vector<std::string_view> enumerator_names() {
    std::vector<std::string_view> names;
    for (const auto& known : detail::known_enumerators<E>().all) {
        names.push_back(known.name);
    }
    return names;
}

}  // namespace rondo
