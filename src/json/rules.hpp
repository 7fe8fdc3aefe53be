// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/object_shape.hpp>
#include <rondo/json/value.hpp>

#include <optional>
#include <string>

namespace rondo::detail {

/// What is wrong with a value, in pydantic's kind, words and context.
struct complaint {
    const char* type;
    std::string msg;
    json::value ctx = nullptr;
};

/// The first rule that a value breaks.
std::optional<complaint> broken_rule(const rules& rule, const type_table& type, const void* value);

/// Throws std::logic_error for a pattern that is none.
void compile_pattern(const rules& rule, const std::string& owner);

/// A bound as JSON: a number, or the text of a duration or decimal.
json::value bound_value(const bound& bound, const type_table& type);

/// Without the T of an optional<T> around it.
const type_table& without_optional(const type_table& type);

/// "1 item", "2 items"
std::string counted_words(std::size_t count, const char* noun);

}  // namespace rondo::detail
