// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/kind_of.hpp>
#include <rondo/base/detail/type_table.hpp>
#include <rondo/base/enumeration.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

// Fills the tables of type_table.hpp in, but for classes: object_table.hpp.

namespace rondo::detail {

template <class T, type_kind Kind = kind_of<T>()>
struct table_maker;

template <class T>
struct table_of : table_maker<T> {};
template <own_table T>
struct table_of<T> {
    using type = decltype(T::rondo_type_table());
    static constexpr type make() { return T::rondo_type_table(); }
};

/// The table of a type. Its own type does not depend on the initialiser, so types may be recursive.
template <class T>
inline constinit const typename table_of<T>::type type_of = table_of<T>::make();

template <class T>
const type_table& table_for() {
    return type_of<T>;
}

template <class T>
constexpr type_table plain_table(type_kind kind) {
    return {kind, sizeof(T), spelled_type<T>()};
}

template <class T>
const T& as(const void* p) {
    return *static_cast<const T*>(p);
}
template <class T>
T& as(void* p) {
    return *static_cast<T*>(p);
}

// ---- Values -------------------------------------------------------------------------------------

template <class T, type_kind Kind>
struct table_maker {
    static_assert(Kind != type_kind::none,
                  "rondo knows no JSON for this type (pointers, references, views and classes with "
                  "private members have none): give it describe(), or parse() and to_string()");
    using type = type_table;
    static constexpr type make() { return plain_table<T>(Kind); }
};

template <class T>
struct table_maker<T, type_kind::scalar> {
    using type = scalar_table;
    static bool parse(void* p, std::string_view text) {
        auto parsed = T::parse(text);
        if (parsed) {
            as<T>(p) = std::move(*parsed);
        }
        return parsed.has_value();
    }
    static std::string print(const void* p) { return as<T>(p).to_string(); }
    static constexpr type make() { return {plain_table<T>(type_kind::scalar), &parse, &print}; }
};

template <class T>
struct table_maker<T, type_kind::enumeration> {
    using type = enumeration_table;
    static constexpr type make() {
        return {plain_table<T>(type_kind::enumeration), &known_enumerators<T>};
    }
};

// ---- Times --------------------------------------------------------------------------------------

template <class T, class D, type_kind Kind>
struct time_maker {
    using type = chrono_table;
    static D in_units(const T& t) {
        if constexpr (time_point_like<T>) {
            return t.time_since_epoch();
        } else if constexpr (clock_reading<T>) {
            return t.to_duration();
        } else {
            return t;
        }
    }
    static std::int64_t load(const void* p) {
        return static_cast<std::int64_t>(in_units(as<T>(p)).count());
    }
    static void store(void* p, std::int64_t count) {
        as<T>(p) = T(D(static_cast<typename D::rep>(count)));
    }
    static double load_real(const void* p) {
        return static_cast<double>(in_units(as<T>(p)).count());
    }
    static void store_real(void* p, double count) {
        as<T>(p) = T(D(static_cast<typename D::rep>(count)));
    }
    static constexpr type make() {
        static_assert(Kind == type_kind::duration || std::is_integral_v<typename D::rep>,
                      "a time of floating-point ticks is not exact: take an integral duration");
        constexpr bool real = std::is_floating_point_v<typename D::rep>;
        return {plain_table<T>(Kind),        D::period::num,          D::period::den,
                real ? nullptr : &load,      real ? nullptr : &store, real ? &load_real : nullptr,
                real ? &store_real : nullptr};
    }
};

template <class T>
struct table_maker<T, type_kind::duration> : time_maker<T, T, type_kind::duration> {};
template <class T>
struct table_maker<T, type_kind::instant>
    : time_maker<T, typename T::duration, type_kind::instant> {};
template <class T>
struct table_maker<T, type_kind::local_time>
    : time_maker<T, typename T::duration, type_kind::local_time> {};
template <class T>
struct table_maker<T, type_kind::time_of_day>
    : time_maker<T, typename T::precision, type_kind::time_of_day> {};
template <whole_days T>
struct table_maker<T, type_kind::date> : time_maker<T, typename T::duration, type_kind::date> {};

template <calendar_date T>
struct table_maker<T, type_kind::date> {
    using type = chrono_table;
    static std::int64_t load(const void* p) {
        const T& t = as<T>(p);
        return t.ok()
                   ? days_from_civil(static_cast<int>(t.year()), static_cast<unsigned>(t.month()),
                                     static_cast<unsigned>(t.day()))
                   : no_date;
    }
    static void store(void* p, std::int64_t days) {
        const civil_date date = civil_from_days(days);
        T& t = as<T>(p);
        t = T(decltype(t.year())(static_cast<int>(date.year)), decltype(t.month())(date.month),
              decltype(t.day())(date.day));
    }
    static constexpr type make() {
        return {plain_table<T>(type_kind::date), 86400, 1, &load, &store, nullptr, nullptr};
    }
};

// ---- What holds others --------------------------------------------------------------------------

template <class T>
struct table_maker<T, type_kind::optional> {
    using type = optional_table;
    using item = typename ruled<T>::type;
    static const void* get(const void* p) {
        const T& t = as<T>(p);
        return t ? &*t : nullptr;
    }
    static void* emplace(void* p) {
        T& t = as<T>(p);
        if constexpr (optional_like<T>) {
            t.emplace();
        } else {
            t.reset(new item());
        }
        return &*t;
    }
    static void reset(void* p) { as<T>(p).reset(); }
    static constexpr type make() {
        return {plain_table<T>(type_kind::optional),
                &type_of<item>,
                &get,
                &emplace,
                &reset,
                optional_like<T>};
    }
};

template <class T>
struct table_maker<T, type_kind::list> {
    using type = list_table;
    using item = typename T::value_type;
    static std::size_t length(const void* p) { return as<T>(p).size(); }
    static const void* data(const void* p) {
        if constexpr (requires(const T& t) { static_cast<const item*>(t.data()); }) {
            return as<T>(p).data();
        } else {
            return nullptr;
        }
    }
    static void each(const void* p, const visitor& see) {
        for (const item& one : as<T>(p)) {
            see(nullptr, &one);
        }
    }
    static void clear(void* p, std::size_t expected) {
        as<T>(p).clear();
        if constexpr (requires(T& t) { t.reserve(expected); }) {
            as<T>(p).reserve(expected);
        }
    }
    static void add(void* p, const filler& fill) {
        T& t = as<T>(p);
        if constexpr (set_like<T> || std::is_same_v<item, bool>) {
            item one{};
            if (fill(&one)) {
                t.insert(t.end(), std::move(one));
            }
        } else if (t.emplace_back(); !fill(&t.back())) {
            t.pop_back();
        }
    }
    static constexpr type make() {
        constexpr bool in_a_row = requires(const T& t) { static_cast<const item*>(t.data()); };
        return {plain_table<T>(type_kind::list), &type_of<item>, set_like<T>, &length,
                in_a_row ? &data : nullptr,      &each,          &clear,      &add};
    }
};

template <class T, std::size_t... I>
inline constexpr const type_table* tuple_items[] = {&type_of<std::tuple_element_t<I, T>>...};

template <class T>
struct table_maker<T, type_kind::fixed_list> {
    using type = fixed_list_table;
    static constexpr std::size_t length = std::tuple_size<T>::value;
    template <std::size_t... I>
    static void* at(void* p, std::size_t index, std::index_sequence<I...>) {
        using std::get;
        void* found = nullptr;
        ((I == index ? static_cast<void>(found = &get<I>(as<T>(p))) : static_cast<void>(0)), ...);
        return found;
    }
    static void* at(void* p, std::size_t index) {
        if constexpr (requires(T& t) { t.data(); }) {
            return as<T>(p).data() + index;
        } else {
            return at(p, index, std::make_index_sequence<length>{});
        }
    }
    static constexpr type make() {
        return []<std::size_t... I>(std::index_sequence<I...>) -> type {
            return {plain_table<T>(type_kind::fixed_list), length, tuple_items<T, I...>, &at};
        }(std::make_index_sequence<length>{});
    }
};

template <class T>
struct table_maker<T, type_kind::map> {
    using type = map_table;
    using key = typename T::key_type;
    using item = typename T::mapped_type;
    static std::size_t length(const void* p) { return as<T>(p).size(); }
    static void each(const void* p, const visitor& see) {
        for (const auto& [name, one] : as<T>(p)) {
            see(&name, &one);
        }
    }
    static void clear(void* p) { as<T>(p).clear(); }
    static void add(void* p, const filler& fill_key, const filler& fill_item) {
        key name{};
        if (fill_key(&name)) {
            item& slot = as<T>(p)[std::move(name)];
            slot = item();
            fill_item(&slot);
        }
    }
    static constexpr type make() {
        return {plain_table<T>(type_kind::map),
                &type_of<key>,
                &type_of<item>,
                &length,
                &each,
                &clear,
                &add};
    }
};

template <class... A>
struct table_maker<std::variant<A...>, type_kind::variant> {
    using T = std::variant<A...>;
    using type = variant_table;
    static constexpr const type_table* alternatives[] = {&type_of<A>...};
    static std::size_t index(const void* p) { return as<T>(p).index(); }
    template <std::size_t... I>
    static const void* get(const T& t, std::index_sequence<I...>) {
        const void* found = nullptr;
        ((t.index() == I ? static_cast<void>(found = std::get_if<I>(&t)) : static_cast<void>(0)),
         ...);
        return found;
    }
    static const void* get(const void* p) { return get(as<T>(p), std::index_sequence_for<A...>{}); }
    template <std::size_t... I>
    static void* emplace(T& t, std::size_t index, std::index_sequence<I...>) {
        void* made = nullptr;
        ((index == I ? static_cast<void>(made = &t.template emplace<I>()) : static_cast<void>(0)),
         ...);
        return made;
    }
    static void* emplace(void* p, std::size_t index) {
        return emplace(as<T>(p), index, std::index_sequence_for<A...>{});
    }
    static constexpr type make() {
        return {
            plain_table<T>(type_kind::variant), sizeof...(A), alternatives, &index, &get, &emplace};
    }
};

}  // namespace rondo::detail
