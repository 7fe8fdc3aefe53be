// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/model.hpp>
#include <rondo/json/literal.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace rondo::http {

// What a parameter may be, written after its name: FastAPI's `Query(ge=1, description="…")`.
//
//     http::query<int, "limit", ge(1), le(100), default_to(10)> limit
//
// They are the rules that `describe` has for members. One that does not fit the parameter's type
// (min_length of an int) does not compile.

template <class V>
struct gt {
    V value;
    consteval explicit gt(V v) : value(v) {}
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.gt(static_cast<typename field_rules<T>::value_type>(value));
    }
};
template <class V>
struct ge {
    V value;
    consteval explicit ge(V v) : value(v) {}
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.ge(static_cast<typename field_rules<T>::value_type>(value));
    }
};
template <class V>
struct lt {
    V value;
    consteval explicit lt(V v) : value(v) {}
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.lt(static_cast<typename field_rules<T>::value_type>(value));
    }
};
template <class V>
struct le {
    V value;
    consteval explicit le(V v) : value(v) {}
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.le(static_cast<typename field_rules<T>::value_type>(value));
    }
};
template <class V>
struct multiple_of {
    V value;
    consteval explicit multiple_of(V v) : value(v) {}
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.multiple_of(static_cast<typename field_rules<T>::value_type>(value));
    }
};

/// Texts count code points, lists items.
struct min_length {
    std::size_t count;
    consteval explicit min_length(std::size_t n) : count(n) {}
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.min_length(count);
    }
};
struct max_length {
    std::size_t count;
    consteval explicit max_length(std::size_t n) : count(n) {}
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.max_length(count);
    }
};

/// A regular expression that is found in the text; `^…$` for all of it.
template <std::size_t N>
struct pattern {
    json::fixed_text<N> expression;
    consteval explicit pattern(const char (&text)[N]) : expression(text) {}
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.pattern(std::string(expression.view()));
    }
};

/// The name on the wire, where the parameter's own name is taken by another source.
template <std::size_t N>
struct alias {
    json::fixed_text<N> name;
    consteval explicit alias(const char (&text)[N]) : name(text) {}
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.alias(std::string(name.view()));
    }
};
template <std::size_t N>
struct title {
    json::fixed_text<N> words;
    consteval explicit title(const char (&text)[N]) : words(text) {}
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.title(std::string(words.view()));
    }
};
template <std::size_t N>
struct description {
    json::fixed_text<N> words;
    consteval explicit description(const char (&text)[N]) : words(text) {}
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.description(std::string(words.view()));
    }
};
/// Still works, and the documentation says that it should not be used any more.
struct deprecated {
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.deprecated();
    }
};

/// What the parameter is where the request does not name it.
template <class V>
struct default_to {
    V value;
    consteval explicit default_to(V v) : value(v) {}
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.optional();
    }
    template <class T>
    void assign_to(T& parameter) const {
        parameter = value;
    }
};
template <std::size_t N>
struct default_to<json::fixed_text<N>> {
    json::fixed_text<N> value;
    consteval explicit default_to(const char (&text)[N]) : value(text) {}
    template <class T>
    void add_to(field_rules<T> rules) const {
        rules.optional();
    }
    template <class T>
    void assign_to(T& parameter) const {
        parameter = T(value.view());
    }
};
template <std::size_t N>
default_to(const char (&)[N]) -> default_to<json::fixed_text<N>>;

}  // namespace rondo::http
