// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/object_table.hpp>
#include <rondo/http/detail/parameter_spec.hpp>
#include <rondo/http/detail/signature.hpp>
#include <rondo/http/detail/value_of.hpp>
#include <rondo/json/detail/text.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace rondo::http::detail {

/// What a parameter of type A, without const and &, is made of: its slot, which lives while the
/// handler runs, and its row in the table. Other headers add theirs: depends, state, security …
template <class A>
struct argument;

consteval bool is_body_kind(rondo::detail::type_kind kind) {
    using enum rondo::detail::type_kind;
    return kind == list || kind == fixed_list || kind == map || kind == object || kind == partial ||
           kind == variant || kind == dynamic || kind == bytes;
}

/// kind_of(), and of json::value, json::partial and json::literal what their tables say.
template <class T>
consteval rondo::detail::type_kind read_kind_of() {
    if constexpr (rondo::detail::own_table<T>) {
        return T::rondo_type_table().kind;
    } else {
        return rondo::detail::kind_of<T>();
    }
}

/// Whether a plain parameter is the JSON body: scalars come from the route.
template <class T>
consteval bool is_body() {
    if constexpr (read_kind_of<T>() == rondo::detail::type_kind::optional) {
        return is_body_kind(read_kind_of<typename rondo::detail::ruled<T>::type>());
    } else {
        return is_body_kind(read_kind_of<T>());
    }
}

/// A plain parameter: `int item_id` from the route, `item it` from the body.
template <class A>
struct argument {
    static_assert(!std::is_same_v<A, std::string_view>,
                  "a handler owns its parameters: take a std::string, not a std::string_view");
    static_assert(
        read_kind_of<A>() != rondo::detail::type_kind::none || std::is_same_v<A, std::string_view>,
        "no parameter of a handler has this type: take a number, a std::string, a struct, "
        "http::query<…> and the like, http::depends<f>, http::request&, http::response&");
    static_assert(std::is_default_constructible_v<A>,
                  "a parameter of a handler is made first and then filled in: it needs a default "
                  "constructor");
    using slot = A;

    static constexpr parameter_spec spec() {
        parameter_spec made{is_body<A>() ? parameter_kind::whole_body : parameter_kind::value};
        made.from = is_body<A>() ? source::body : source::path;
        made.type = &rondo::detail::type_of<A>;
        made.value_in = [](void* slot) { return slot; };
        return made;
    }
    static A&& pass(slot& s, exchange&) noexcept { return std::move(s); }
};

template <source From, class T, json::fixed_text Name, auto... Rules>
struct argument<parameter<From, T, Name, Rules...>> {
    using slot = parameter<From, T, Name, Rules...>;
    using rules = parameter_rules<T, Rules...>;

    static constexpr parameter_spec spec() {
        parameter_spec made{parameter_kind::value};
        made.from = From;
        made.is_struct = Name.view().empty();
        made.name = Name.view();
        made.type = &rondo::detail::type_of<T>;
        made.value_in = [](void* s) -> void* { return &value_in(s); };
        if constexpr (rules::any) {
            made.add_rules = &rules::add;
        }
        if constexpr (rules::has_default) {
            made.set_default = [](void* s) { rules::set_default(value_in(s)); };
            made.write_default = [](std::string& to) {
                T value{};
                rules::set_default(value);
                rondo::detail::write_json(to, rondo::detail::type_of<T>, &value, {});
            };
        }
        return made;
    }
    static slot&& pass(slot& s, exchange&) noexcept { return std::move(s); }

private:
    static T& value_in(void* s) noexcept { return stored_in<T>(*static_cast<slot*>(s)); }
};

/// A parameter as it is written in the signature: by value or by const reference, unless the
/// exchange lends it.
template <class P>
consteval bool is_lent() {
    return std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>;
}
template <class P>
struct argument_of : argument<std::remove_cvref_t<P>> {
    static_assert(
        is_lent<P>() == requires { argument<std::remove_cvref_t<P>>::is_reference; },
        "a handler takes its parameters by value, and http::request&, http::response&, "
        "http::background_tasks& and http::websocket& by reference");
};

template <class List>
struct parameter_specs;
template <class... P>
struct parameter_specs<type_list<P...>> {
    static constexpr std::size_t size = sizeof...(P);
    // One more: there is no empty array.
    static constexpr parameter_spec all[size + 1] = {argument_of<P>::spec()...,
                                                     parameter_spec{parameter_kind::provided}};
    static constexpr std::span<const parameter_spec> view() { return {all, size}; }
};

/// The arguments of one call, side by side.
template <std::size_t I, class P>
struct argument_slot {
    typename argument_of<P>::slot value{};
};

template <class Index, class List>
struct indexed_slots;
template <std::size_t... I, class... P>
struct indexed_slots<std::index_sequence<I...>, type_list<P...>> : argument_slot<I, P>... {
    void* places[sizeof...(P) + 1] = {
        static_cast<void*>(&static_cast<argument_slot<I, P>&>(*this).value)..., nullptr};

    indexed_slots() = default;
    indexed_slots(const indexed_slots&) = delete;
    indexed_slots& operator=(const indexed_slots&) = delete;

    template <class F>
    decltype(auto) apply(F& f, exchange& ex) {
        return f(argument_of<P>::pass(static_cast<argument_slot<I, P>&>(*this).value, ex)...);
    }
};

template <class List>
using slots_of = indexed_slots<std::make_index_sequence<List::size>, List>;

}  // namespace rondo::http::detail
