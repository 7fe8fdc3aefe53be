// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/members_of.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace rondo {

/// A class whose members can be listed without macros: `struct item { std::string name; int n; };`.
/// Containers of the standard library that happen to be aggregates (std::array) are not meant.
template <class T>
concept aggregate = std::is_class_v<T> && std::is_aggregate_v<T> && !std::is_empty_v<T> &&
                    !requires { typename T::value_type; };

namespace detail {

/// Stands for any value when the initialisers that an aggregate accepts are counted; never called.
struct any_value {
    template <class T>
        requires(!std::is_same_v<T, const char*> && !std::is_same_v<T, std::nullptr_t>)
    operator T() const noexcept {
        __builtin_unreachable();
    }
};

/// Stands for a base class of T and for nothing else.
template <class T>
struct any_base {
    template <class B>
        requires(std::is_base_of_v<B, T> && !std::is_same_v<B, T>)
    operator B() const noexcept {
        __builtin_unreachable();
    }
};

template <std::size_t>
using any_value_at = any_value;

template <class T, std::size_t... I>
consteval bool takes_values(std::index_sequence<I...>) {
    return requires { T{any_value_at<I>{}...}; };
}

inline constexpr std::size_t most_members = 64;

template <class T, std::size_t Known = 0>
consteval std::size_t count_members() {
    if constexpr (Known > most_members || !takes_values<T>(std::make_index_sequence<Known + 1>{})) {
        return Known;
    } else {
        return count_members<T, Known + 1>();
    }
}

/// A C array takes as many initialisers as it has items, unless it is given braces of its own.
template <class T, std::size_t... Before, std::size_t... After>
consteval bool is_array(std::index_sequence<Before...>, std::index_sequence<After...>) {
    if constexpr (requires { T{any_value_at<Before>{}..., {}, any_value_at<After>{}...}; }) {
        return false;
    } else {
        return requires { T{any_value_at<Before>{}..., {}}; };
    }
}

template <class T, std::size_t Count>
consteval bool has_no_array() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
        return !(
            is_array<T>(std::make_index_sequence<I>{}, std::make_index_sequence<Count - 1 - I>{}) ||
            ...);
    }(std::make_index_sequence<Count>{});
}

template <class T>
concept has_base = requires { T{any_base<T>{}}; };

/// An aggregate whose members can be bound to names, as far as this can be asked.
template <class T>
concept listable = aggregate<T> && !has_base<T> && count_members<T>() <= most_members;

template <class T>
consteval std::size_t checked_count() {
    static_assert(
        aggregate<T>,
        "rondo lists the members of plain aggregates only: this class has constructors, "
        "private members or no members; name them in describe with m.member(\"x\", &t::x)");
    static_assert(!has_base<T>,
                  "rondo cannot list the members of a class with base classes: make the base a "
                  "member, or name them in describe with m.member(\"x\", &t::x)");
    constexpr std::size_t count = count_members<T>();
    static_assert(count > 0,
                  "rondo cannot list the members of this class: one of them is a reference, or "
                  "cannot be moved");
    static_assert(count > most_members || has_no_array<T, count>(),
                  "rondo cannot list the members of a class with a C array: take std::array");
    static_assert(count <= most_members,
                  "rondo lists at most 64 members: group some of them in a struct of their own, or "
                  "name them in describe with m.member(\"x\", &t::x)");
    return count;
}

template <class T>
struct holder {
    T value;
};

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
/// Never defined: the addresses of its members serve as template arguments.
template <class T>
extern const holder<T> described_object;

// A function, not a variable: GCC would emit the variable of a local class at -O0.
template <class T>
consteval auto member_addresses() {
    return members_of<checked_count<T>()>::in(described_object<T>.value,
                                              [](auto&... m) { return std::tuple(&m...); });
}

// Not a string_view: GCC would spell that alias, too.
template <auto... Addresses>
constexpr const char* spelled_addresses() {
    return __PRETTY_FUNCTION__;
}

template <class T>
constexpr const char* spelled_members() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
        return spelled_addresses<std::get<I>(member_addresses<T>())...>();
    }(std::make_index_sequence<checked_count<T>()>{});
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

constexpr bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// Cuts the names out of what the compiler spelled, and calls f(index, name) for each. GCC writes
/// `{(& described_object<t>.holder<t>::value.t::name), (& …)}]`, clang
/// `<&described_object.value.name, &…>]`.
template <class F>
constexpr void cut_names(std::string_view spelled, F&& f) {
#if defined(__clang__)
    constexpr std::string_view between = ", &described_object", last = ">]";
#else
    constexpr std::string_view between = "), (& described_object", last = ")}]";
#endif
    spelled.remove_suffix(last.size());
    for (std::size_t index = 0; true; ++index) {
        const std::size_t end = spelled.find(between);
        const std::string_view one = spelled.substr(0, end);
        std::size_t begin = one.size();
        while (begin > 0 && is_name_character(one[begin - 1])) {
            --begin;
        }
        f(index, one.substr(begin));
        if (end == spelled.npos) {
            return;
        }
        spelled.remove_prefix(end + between.size());
    }
}

/// `class_` is `class` to everybody outside C++.
constexpr std::string_view without_underscore(std::string_view name) {
    return name.size() > 1 && name.ends_with('_') ? name.substr(0, name.size() - 1) : name;
}

template <class A>
struct member_types;
template <class... M>
struct member_types<std::tuple<const M*...>> {
    using type = std::tuple<std::type_identity<M>...>;
};

}  // namespace detail

/// How many members the aggregate T has.
template <class T>
inline constexpr std::size_t member_count = detail::checked_count<T>();

/// The type of the member at Index.
template <class T, std::size_t Index>
using member_type = typename std::tuple_element_t<
    Index, typename detail::member_types<decltype(detail::member_addresses<T>())>::type>::type;

/// The names of the members of T, in order; a last `_` is dropped, so that `class_` is `class`.
/// Also at compile time.
template <class T>
constexpr auto member_names() {
    std::array<std::string_view, member_count<T>> names;
    detail::cut_names(detail::spelled_members<T>(), [&](std::size_t index, std::string_view name) {
        names[index] = detail::without_underscore(name);
    });
    return names;
}

/// Calls `f(member...)` with references to all members of the aggregate, and returns what it does.
template <class T, class F>
constexpr decltype(auto) with_members(T& value, F&& f) {
    return detail::members_of<member_count<std::remove_const_t<T>>>::in(value, f);
}

/// Calls `f(name, member)` for each member of the aggregate, in order.
template <class T, class F>
constexpr void for_each_member(T& value, F&& f) {
    const auto names = member_names<std::remove_const_t<T>>();
    with_members(value, [&](auto&... member) {
        std::size_t index = 0;
        (f(names[index++], member), ...);
    });
}

namespace detail {

template <class From>
consteval std::size_t index_of_member(std::string_view name) {
    constexpr auto names = member_names<From>();
    std::size_t index = 0;
    while (index < names.size() && names[index] != name) {
        ++index;
    }
    return index;
}

template <class To, class From, std::size_t Index>
constexpr member_type<To, Index> projected_member(const From& from) {
    constexpr std::size_t source = index_of_member<From>(member_names<To>()[Index]);
    static_assert(source < member_count<From>,
                  "project: the source has no member of this name; give it one, or copy by hand");
    return with_members(from, [](const auto&... member) -> member_type<To, Index> {
        return std::get<source>(std::tie(member...));
    });
}

}  // namespace detail

/// A `To` made of the members of the same name: `project<user_out>(user)` leaves the password out.
/// A member of `To` that the source lacks is a compile error.
template <class To, class From>
constexpr To project(const From& from) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return To{detail::projected_member<To, From, I>(from)...};
    }(std::make_index_sequence<member_count<To>>{});
}

}  // namespace rondo
