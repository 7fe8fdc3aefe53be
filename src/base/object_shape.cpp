// SPDX-License-Identifier: MIT
#include <rondo/base/aggregate.hpp>
#include <rondo/base/decimal.hpp>
#include <rondo/base/detail/object_shape.hpp>
#include <rondo/base/model.hpp>

#include <compare>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>

namespace rondo {
namespace {

char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

std::string without_underscores(std::string_view name, bool upper_next) {
    std::string text;
    for (const char c : name) {
        if (c == '_' && !text.empty()) {
            upper_next = true;
        } else {
            text += upper_next ? upper(c) : c;
            upper_next = false;
        }
    }
    return text;
}

}  // namespace

std::string camel_case(std::string_view name) { return without_underscores(name, false); }
std::string pascal_case(std::string_view name) { return without_underscores(name, true); }
std::string kebab_case(std::string_view name) {
    std::string text(name);
    for (char& c : text) {
        c = c == '_' ? '-' : c;
    }
    return text;
}

namespace detail {

rules::~rules() {
    delete each;
    delete keys;
}

object_shape::~object_shape() {
    for (const auto& field : fields) {
        delete field.rule;
    }
}

namespace {

[[noreturn]] void contradiction(const object_shape& shape, std::string_view member,
                                const char* sentence) {
    throw std::logic_error(shape.name + (member.empty() ? "" : ".") + std::string(member) + ": " +
                           sentence);
}

bool is_empty_container(const type_table& type, const void* value) {
    switch (type.kind) {
        case type_kind::text:
            return static_cast<const std::string*>(value)->empty();
        case type_kind::list:
            return static_cast<const list_table&>(type).length(value) == 0;
        case type_kind::map:
            return static_cast<const map_table&>(type).length(value) == 0;
        default:
            return true;
    }
}

bool all_bytes_are(const unsigned char* at, std::size_t size, unsigned char paint) {
    for (std::size_t i = 0; i < size; ++i) {
        if (at[i] != paint) {
            return false;
        }
    }
    return true;
}

/// Finds the members with an initialiser: an object is made, without any value for it, in memory
/// painted in two colours; a trivial member that keeps the paint both times has none.
void see_defaults(const object_table& table, std::vector<field>& fields) {
    constexpr std::size_t alignment = 64;
    std::vector<unsigned char> room(table.size + alignment);
    auto* memory =
        room.data() + alignment - reinterpret_cast<std::uintptr_t>(room.data()) % alignment;
    std::vector<bool> kept(fields.size(), true);
    for (const unsigned char paint : {0xA5, 0x5A}) {
        void* at = memory;
        std::memset(at, paint, table.size);
        asm volatile("" : "+r"(at) : : "memory");  // the paint is there, whatever follows
        table.construct(at);
        asm volatile("" : "+r"(at) : : "memory");
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const auto* member = memory + fields[i].offset;
            kept[i] =
                kept[i] && (table.trivial[i] ? all_bytes_are(member, fields[i].type->size, paint)
                                             : is_empty_container(*fields[i].type, member));
        }
        table.destroy(at);
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        fields[i].has_default = !kept[i];
    }
}

void find_members(const object_table& table, object_shape& shape) {
    shape.fields.resize(table.count);
    std::vector<std::uint32_t> offsets(table.count);
    if (table.count != 0) {
        table.offsets(offsets.data());
        cut_names(table.spelled_members, [&](std::size_t i, std::string_view name) {
            shape.fields[i].name = without_underscore(name);
        });
    }
    for (std::size_t i = 0; i < table.count; ++i) {
        shape.fields[i].offset = offsets[i];
        shape.fields[i].type = table.types[i];
        shape.fields[i].rule = new rules;
    }
    if (table.construct != nullptr && table.count != 0) {
        see_defaults(table, shape.fields);
    }
}

bool is_optional(const type_table& type) {
    return type.kind == type_kind::optional &&
           static_cast<const optional_table&>(type).may_be_missing;
}

/// Both bounds are in the same form; the others are zero.
std::partial_ordering compare(const bound& a, const bound& b) {
    if (!a.decimal.empty()) {
        return *decimal::parse(a.decimal) <=> *decimal::parse(b.decimal);
    }
    if (a.integer != b.integer) {
        return a.integer <=> b.integer;
    }
    return a.unsigned_integer != b.unsigned_integer ? a.unsigned_integer <=> b.unsigned_integer
                                                    : a.real <=> b.real;
}

/// Whether the bounds of a member cross, so that no value is between them.
bool nothing_fits(const rules& rule) {
    const bound& low = rule.gt.set ? rule.gt : rule.ge;
    const bound& high = rule.lt.set ? rule.lt : rule.le;
    if (low.set && high.set) {
        const auto order = compare(low, high);
        if (order > 0 || (order == 0 && (rule.gt.set || rule.lt.set))) {
            return true;
        }
    }
    return rule.min_length > rule.max_length;
}

void note_checks(rules* rule) {
    if (rule == nullptr) {
        return;
    }
    rule->checked = rule->gt.set || rule->ge.set || rule->lt.set || rule->le.set ||
                    rule->multiple_of.set || rule->min_length > 0 || rule->max_length != no_limit ||
                    !rule->pattern.empty() || !rule->checks.empty();
    note_checks(rule->each);
    note_checks(rule->keys);
}

void settle(object_shape& shape) {
    for (auto& field : shape.fields) {
        const rules& rule = *field.rule;
        shape.hides = shape.hides || rule.write_only;
        if (!rule.alias.empty()) {
            field.name = rule.alias;
        } else if (shape.rename != nullptr) {
            field.name = shape.rename(field.name);
        }
        field.has_default = field.has_default || is_optional(*field.type);
        field.required = rule.required || !(rule.optional || field.has_default || rule.read_only);
        if (rule.required && rule.optional) {
            contradiction(shape, field.name, "it is both required() and optional()");
        }
        settle_rules(*field.rule, shape.name + '.' + field.name);
    }
    for (std::size_t i = 0; i < shape.fields.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            if (shape.fields[i].name == shape.fields[k].name) {
                contradiction(shape, shape.fields[i].name, "two members have this name");
            }
        }
    }
}

std::string quoted_key(std::string_view name) {
    static constexpr char hex[] = "0123456789abcdef";
    std::string key = "\"";
    for (const char c : name) {
        if (static_cast<unsigned char>(c) < 0x20) {
            key += {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            continue;
        }
        if (c == '"' || c == '\\') {
            key += '\\';
        }
        key += c;
    }
    return key + "\":";
}

std::unique_ptr<object_shape> make_shape(const object_table& table) {
    auto shape = std::make_unique<object_shape>();
    shape->name = short_type_name(table.spelled);
    find_members(table, *shape);
    object_builder builder{*shape};
    table.describe(builder);
    if (shape->fields.empty()) {
        contradiction(*shape, "", "describe names no members: m.member(\"x\", &t::x)");
    }
    settle(*shape);
    for (auto& field : shape->fields) {
        field.key = quoted_key(field.name);
    }
    if (table.make != nullptr) {
        shape->prototype = table.make();
    }
    return shape;
}

}  // namespace

void settle_rules(rules& rule, const std::string& owner) {
    note_checks(&rule);
    if (nothing_fits(rule)) {
        throw std::logic_error(owner + ": no value meets its bounds");
    }
}

const object_shape& shape_of(const object_table& table) {
    const object_shape* known = __atomic_load_n(&table.shape, __ATOMIC_ACQUIRE);
    if (known != nullptr) {
        return *known;
    }
    // Recursive: describe() may ask for the shapes of other types.
    static auto& making = *new std::recursive_mutex;
    const std::scoped_lock lock(making);
    known = __atomic_load_n(&table.shape, __ATOMIC_ACQUIRE);
    if (known == nullptr) {
        known = make_shape(table).release();
        __atomic_store_n(&table.shape, known, __ATOMIC_RELEASE);
    }
    return *known;
}

rules& object_builder::find(std::uint32_t offset, const type_table& type) {
    for (auto& field : shape.fields) {
        if (field.offset == offset && field.type == &type) {
            return *field.rule;
        }
    }
    throw std::logic_error(shape.name +
                           ": describe speaks of a member that was not found; name it"
                           " with m.member(\"x\", &t::x)");
}

rules& object_builder::add(std::string_view name, std::uint32_t offset, const type_table& type) {
    if (!names_members) {
        names_members = true;
        for (const auto& field : shape.fields) {
            delete field.rule;
        }
        shape.fields.clear();
    }
    field& added = shape.fields.emplace_back();
    added.name = name;
    added.offset = offset;
    added.type = &type;
    added.rule = new rules;
    return *added.rule;
}

}  // namespace detail
}  // namespace rondo
