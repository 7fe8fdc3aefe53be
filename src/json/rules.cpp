// SPDX-License-Identifier: MIT

// The only file that sees RE2.
#include "json/rules.hpp"

#include "json/times.hpp"
#include <rondo/base/decimal.hpp>
#include <rondo/json/json.hpp>

#include <cmath>
#include <compare>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <re2/re2.h>

namespace rondo::detail {
namespace {

template <class T>
const T& at(const void* p) {
    return *static_cast<const T*>(p);
}

/// A number in the three forms in which it may be compared; `form` says which.
struct number {
    type_kind form;
    std::int64_t integer = 0;
    std::uint64_t unsigned_integer = 0;
    double real = 0;
    decimal exact = {};
};

std::optional<number> number_of(const type_table& type, const void* p) {
    number n{type.kind};
    switch (type.kind) {
        case type_kind::integer:
            std::memcpy(&n.integer, p, type.size);
            n.integer = n.integer << (64 - 8 * type.size) >> (64 - 8 * type.size);
            return n;
        case type_kind::unsigned_integer:
            std::memcpy(&n.unsigned_integer, p, type.size);
            return n;
        case type_kind::real:
            n.real = type.size == 4 ? at<float>(p) : at<double>(p);
            return n;
        case type_kind::decimal:
            n.exact = at<decimal>(p);
            return n;
        case type_kind::duration: {
            const auto& units = static_cast<const chrono_table&>(type);
            const bool real = units.load_real != nullptr;
            n.form = real ? type_kind::real : type_kind::integer;
            n.real = real ? units.load_real(p) : 0;
            n.integer = real ? 0 : units.load(p);
            return n;
        }
        default:
            return std::nullopt;
    }
}

std::partial_ordering compare(const number& n, const bound& b) {
    switch (n.form) {
        case type_kind::integer:
            return n.integer <=> b.integer;
        case type_kind::unsigned_integer:
            return n.unsigned_integer <=> b.unsigned_integer;
        case type_kind::real:
            return n.real <=> b.real;
        default:
            return n.exact <=> *decimal::parse(b.decimal);
    }
}

bool is_multiple(const number& n, const bound& unit) {
    switch (n.form) {
        case type_kind::integer:
            return unit.integer == -1 || (unit.integer != 0 && n.integer % unit.integer == 0);
        case type_kind::unsigned_integer:
            return unit.unsigned_integer != 0 && n.unsigned_integer % unit.unsigned_integer == 0;
        case type_kind::real: {
            // As pydantic: 0.3 is a multiple of 0.1, though neither is what it says.
            const double rest = std::fabs(std::remainder(n.real, unit.real));
            return rest <= std::fabs(n.real) * 1e-9 || rest <= 1e-12 * std::fabs(unit.real);
        }
        default:
            return n.exact.is_multiple_of(*decimal::parse(unit.decimal));
    }
}

/// A bound in a sentence: `0`, not `0.0`.
std::string spoken(const json::value& bound) {
    std::string text = bound.is_string() ? bound.get<std::string>() : json::dumps(bound);
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

std::optional<complaint> broken_bound(const rules& rule, const type_table& type, const number& n) {
    const auto say = [&](const bound& b, const char* kind, const char* words, const char* name) {
        const json::value limit = bound_value(b, type);
        return complaint{kind, std::string("Input should be ") + words + " " + spoken(limit),
                         json::value{{name, limit}}};
    };
    if (rule.gt.set && !(compare(n, rule.gt) > 0)) {
        return say(rule.gt, "greater_than", "greater than", "gt");
    }
    if (rule.ge.set && !(compare(n, rule.ge) >= 0)) {
        return say(rule.ge, "greater_than_equal", "greater than or equal to", "ge");
    }
    if (rule.lt.set && !(compare(n, rule.lt) < 0)) {
        return say(rule.lt, "less_than", "less than", "lt");
    }
    if (rule.le.set && !(compare(n, rule.le) <= 0)) {
        return say(rule.le, "less_than_equal", "less than or equal to", "le");
    }
    if (rule.multiple_of.set && !is_multiple(n, rule.multiple_of)) {
        return say(rule.multiple_of, "multiple_of", "a multiple of", "multiple_of");
    }
    return std::nullopt;
}

std::size_t code_points(const std::string& text) {
    std::size_t count = 0;
    for (const char c : text) {
        count += (c & 0xc0) != 0x80;
    }
    return count;
}

const re2::RE2& compiled(const rules& rule) {
    compile_pattern(rule, "");
    return *static_cast<const re2::RE2*>(__atomic_load_n(&rule.compiled_pattern, __ATOMIC_ACQUIRE));
}

std::optional<complaint> broken_text(const rules& rule, const std::string& text) {
    const std::size_t length = code_points(text);
    if (length < rule.min_length) {
        return complaint{
            "string_too_short",
            "String should have at least " + counted_words(rule.min_length, "character"),
            json::value{{"min_length", rule.min_length}}};
    }
    if (length > rule.max_length) {
        return complaint{
            "string_too_long",
            "String should have at most " + counted_words(rule.max_length, "character"),
            json::value{{"max_length", rule.max_length}}};
    }
    if (!rule.pattern.empty() && !re2::RE2::PartialMatch(text, compiled(rule))) {
        return complaint{"string_pattern_mismatch",
                         "String should match pattern '" + rule.pattern + "'",
                         json::value{{"pattern", rule.pattern}}};
    }
    return std::nullopt;
}

std::optional<complaint> broken_count(const rules& rule, const char* what, std::size_t length) {
    const bool few = length < rule.min_length;
    if (!few && length <= rule.max_length) {
        return std::nullopt;
    }
    const std::size_t limit = few ? rule.min_length : rule.max_length;
    return complaint{few ? "too_short" : "too_long",
                     std::string(what) + " should have at " + (few ? "least " : "most ") +
                         counted_words(limit, "item") + " after validation, not " +
                         std::to_string(length),
                     json::value{{"field_type", what},
                                 {few ? "min_length" : "max_length", limit},
                                 {"actual_length", length}}};
}

std::optional<complaint> broken_size(const rules& rule, const type_table& type, const void* p) {
    switch (type.kind) {
        case type_kind::text:
            return broken_text(rule, at<std::string>(p));
        case type_kind::bytes:
            return broken_count(rule, "Data", at<std::vector<std::byte>>(p).size());
        case type_kind::list: {
            const auto& list = static_cast<const list_table&>(type);
            return broken_count(rule, list.unique ? "Set" : "List", list.length(p));
        }
        case type_kind::map:
            return broken_count(rule, "Dictionary", static_cast<const map_table&>(type).length(p));
        default:
            return std::nullopt;
    }
}

}  // namespace

const type_table& without_optional(const type_table& type) {
    return type.kind == type_kind::optional ? *static_cast<const optional_table&>(type).item : type;
}

std::string counted_words(std::size_t count, const char* noun) {
    return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

json::value bound_value(const bound& b, const type_table& type) {
    const type_table& bounded = without_optional(type);
    switch (bounded.kind) {
        case type_kind::integer:
            return b.integer;
        case type_kind::unsigned_integer:
            return b.unsigned_integer;
        case type_kind::real:
            return b.real;
        case type_kind::decimal:
            return b.decimal;
        default: {
            const auto& units = static_cast<const chrono_table&>(bounded);
            const auto time = units.load != nullptr
                                  ? from_units(b.integer, units)
                                  : exact_seconds{static_cast<std::int64_t>(b.real), 0};
            return format_duration(time.value_or(exact_seconds{}));
        }
    }
}

std::optional<complaint> broken_rule(const rules& rule, const type_table& type, const void* value) {
    auto broken = broken_size(rule, type, value);
    if (!broken) {
        if (const auto n = number_of(type, value)) {
            broken = broken_bound(rule, type, *n);
        }
    }
    for (std::size_t i = 0; i < rule.checks.size() && !broken; ++i) {
        if (const char* message = rule.checks[i](value)) {
            broken = complaint{"value_error", std::string("Value error, ") + message,
                               json::value{{"error", message}}};
        }
    }
    return broken;
}

void compile_pattern(const rules& rule, const std::string& owner) {
    if (rule.pattern.empty() || __atomic_load_n(&rule.compiled_pattern, __ATOMIC_ACQUIRE)) {
        return;
    }
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto made = std::make_unique<re2::RE2>(rule.pattern, options);
    if (!made->ok()) {
        throw std::logic_error(owner + ": pattern '" + rule.pattern + "': " + made->error());
    }
    // Lives as long as the program, like the rule; of two threads the first one's is kept.
    const void* none = nullptr;
    const re2::RE2* kept = made.release();
    if (!__atomic_compare_exchange_n(&rule.compiled_pattern, &none, static_cast<const void*>(kept),
                                     false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        delete kept;
    }
}

}  // namespace rondo::detail
