// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/type_table.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::detail {

/// A bound in the type of what it bounds, so that it is compared exactly.
struct bound {
    bool set = false;
    std::int64_t integer = 0;  // signed integers and durations
    std::uint64_t unsigned_integer = 0;
    double real = 0;
    std::string decimal;
};

inline constexpr std::size_t no_limit = SIZE_MAX;

/// What describe said about one member, or about its items or keys.
struct rules {
    bound gt, ge, lt, le, multiple_of;
    std::size_t min_length = 0;
    std::size_t max_length = no_limit;
    std::string pattern;
    mutable const void* compiled_pattern = nullptr;  // json's
    std::string alias, title, description;
    std::vector<const void*> examples;  // in the type of the member
    bool optional = false;
    bool required = false;
    bool deprecated = false;
    bool strict = false;
    bool read_only = false;
    bool write_only = false;
    std::vector<const char* (*)(const void*)> checks;
    rules* each = nullptr;
    rules* keys = nullptr;
    bool checked = false;  // anything of the above bounds the value itself

    rules() = default;
    rules(const rules&) = delete;
    rules& operator=(const rules&) = delete;
    ~rules();
};

struct field {
    std::string name;  // as on the wire
    std::string key;   // "name":
    std::uint32_t offset = 0;
    const type_table* type = nullptr;
    bool has_default = false;
    bool required = false;
    rules* rule = nullptr;
};

/// What is known of a class once its describe has run. Lives as long as the program.
struct object_shape {
    std::string name;  // of the type, for messages and schemas
    std::string title, description;
    std::vector<field> fields;
    std::vector<const char* (*)(const void*)> checks;
    std::string (*rename)(std::string_view) = nullptr;
    bool forbid_extra = false;
    bool strict = false;
    bool hides = false;               // a member is write-only
    const void* prototype = nullptr;  // a T(), where T can be made of nothing

    object_shape() = default;
    object_shape(const object_shape&) = delete;
    object_shape& operator=(const object_shape&) = delete;
    ~object_shape();
};

/// Finds out which rules bound a value. Throws std::logic_error, which names `owner`, when no value
/// meets them.
void settle_rules(rules& rule, const std::string& owner);

/// The shape of a type; made when it is first asked for, by any thread.
/// Throws std::logic_error for a describe that contradicts itself.
const object_shape& shape_of(const object_table& table);

/// What a model<T> writes to.
struct object_builder {
    object_shape& shape;
    bool names_members = false;  // m.member was called: only what it names counts

    rules& find(std::uint32_t offset, const type_table& type);
    rules& add(std::string_view name, std::uint32_t offset, const type_table& type);
};

}  // namespace rondo::detail
