// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/object_table.hpp>
#include <rondo/json/detail/text.hpp>
#include <rondo/json/errors.hpp>
#include <rondo/json/object.hpp>
#include <rondo/json/options.hpp>
#include <rondo/json/value.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace rondo::json {

/// Appends JSON to a string.
template <class T>
void dump(const T& value, std::string& to, const dump_options& options = {}) {
    rondo::detail::write_json(to, rondo::detail::type_of<T>, &value, options);
}

/// The JSON of a value, as Python's `json.dumps`, but without spaces: `{"name":"ann","age":7}`.
///
/// Takes plain structs, with what `describe` says of them, and all that the reference page lists.
/// Throws encode_error. Threads: any.
template <class T>
    requires(!std::convertible_to<const T&, std::string_view> || std::same_as<T, std::string>)
std::string dumps(const T& value, const dump_options& options = {}) {
    std::string text;
    dump(value, text, options);
    return text;
}
inline std::string dumps(std::string_view text, const dump_options& options = {}) {
    return dumps(std::string(text), options);
}

/// Reads a T. Members that are missing keep the default of their initialiser.
///
/// Throws decode_error for a text that is no JSON by RFC 8259, in any byte; validation_error, with
/// everything that is wrong at once, for JSON that is no T. Threads: any.
template <class T>
T loads(std::string_view text, const load_options& options = {}) {
    static_assert(std::is_default_constructible_v<T>,
                  "json::loads makes a T() and fills it in: T needs a default constructor");
    T made = T();
    rondo::detail::read_json(text, rondo::detail::type_of<T>, &made, options);
    return made;
}

/// Reads whatever it is.
inline value loads(std::string_view text, const load_options& options = {}) {
    return loads<value>(text, options);
}

/// The value that has the same JSON.
template <class T>
value to_value(const T& from) {
    return loads(dumps(from));
}

/// The JSON Schema (2020-12) of what is read as a T; classes stand in its "$defs".
template <class T>
value schema() {
    rondo::detail::schema_book book;
    value made = rondo::detail::json_schema(rondo::detail::type_of<T>, "#/$defs/", book);
    if (!book.definitions.empty()) {
        made["$defs"] = std::move(book.definitions);
    }
    return made;
}

template <class T>
T value::as() const {
    return loads<T>(dumps(*this));
}

}  // namespace rondo::json
