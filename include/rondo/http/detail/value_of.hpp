// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/kind_of.hpp>
#include <rondo/json/literal.hpp>

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace rondo::http::detail {

/// Which part of the request a parameter is read from; `loc` of an error begins with its name.
enum class source : std::uint8_t { path, query, header, cookie, form, body };

/// A parameter is its value: it derives from a class and converts to anything else. It has no
/// members of its own, which would hide those of the class.
template <class T>
struct value_of {
    T value{};

    operator const T&() const noexcept { return value; }
    const T& operator*() const noexcept { return value; }
};
template <class T>
concept base_class = std::is_class_v<T> && !std::is_final_v<T>;
template <base_class T>
struct value_of<T> : T {};

template <class T>
T& stored_in(value_of<T>& parameter) noexcept {
    if constexpr (base_class<T>) {
        return parameter;
    } else {
        return parameter.value;
    }
}

template <class T>
consteval bool is_struct() {
    return rondo::detail::kind_of<T>() == rondo::detail::type_kind::object;
}

template <source From, class T, json::fixed_text Name, auto... Rules>
struct parameter : value_of<T> {
    static_assert(
        !Name.view().empty() || is_struct<T>(),
        "a single parameter needs its name, http::query<int, \"limit\">; a struct has the "
        "names of its members, http::query<page>");
};

/// The rules of a parameter, put into effect.
template <class T, auto... Rules>
struct parameter_rules {
    static constexpr bool any = sizeof...(Rules) > 0;
    static constexpr bool has_default =
        (requires(T& value) { Rules.assign_to(value); } || ... || false);

    static void add(rondo::detail::rules& to) {
        (Rules.template add_to<T>(field_rules<T>(to)), ...);
    }
    static void set_default(T& value) {
        const auto assign = [&value](const auto& rule) {
            if constexpr (requires { rule.assign_to(value); }) {
                rule.assign_to(value);
            }
        };
        (assign(Rules), ...);
    }
};

}  // namespace rondo::http::detail
