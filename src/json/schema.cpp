// SPDX-License-Identifier: MIT
#include "json/rules.hpp"
#include "json/tagged.hpp"
#include <rondo/base/detail/object_shape.hpp>
#include <rondo/base/enumeration.hpp>
#include <rondo/json/json.hpp>

#include <algorithm>
#include <set>

namespace rondo::detail {
namespace {

using json::value;

/// A type as a schema of its own: `{"type": "string", "format": "date"}`.
value simple(const char* type, const char* format = nullptr) {
    json::object schema{{"type", type}};
    if (format != nullptr) {
        schema["format"] = format;
    }
    return schema;
}

class schema_maker {
public:
    schema_maker(std::string_view prefix, schema_book& book) : prefix_(prefix), book_(book) {}

    value make(const type_table& type, const rules* rule);
    /// With the words that the rules have for people.
    value make_described(const type_table& type, const rules& rule);

private:
    value make_kind(const type_table& type, const rules* rule);
    value scalar(const type_table& type);
    value enumeration(const enumeration_table& type);
    value literal(const literal_table& type);
    value list(const list_table& type, const rules* rule);
    value fixed_list(const fixed_list_table& type);
    value map(const map_table& type, const rules* rule);
    value nullable(const optional_table& type, const rules* rule);
    value variant(const variant_table& type, const rules* rule);
    value reference(const object_table& type, const type_table& as);
    value object(const object_table& type, bool partial);
    value member(const field& field, const object_shape& shape);

    std::string_view prefix_;
    schema_book& book_;
};

void add_rules(value& schema, const type_table& type, const rules& rule);

value schema_maker::make(const type_table& type, const rules* rule) {
    value schema = make_kind(type, rule);
    if (rule != nullptr && type.kind != type_kind::optional) {
        add_rules(schema, type, *rule);
    }
    return schema;
}

value schema_maker::make_kind(const type_table& type, const rules* rule) {
    switch (type.kind) {
        case type_kind::enumeration:
            return enumeration(static_cast<const enumeration_table&>(type));
        case type_kind::literal:
            return literal(static_cast<const literal_table&>(type));
        case type_kind::list:
            return list(static_cast<const list_table&>(type), rule);
        case type_kind::fixed_list:
            return fixed_list(static_cast<const fixed_list_table&>(type));
        case type_kind::map:
            return map(static_cast<const map_table&>(type), rule);
        case type_kind::optional:
            return nullable(static_cast<const optional_table&>(type), rule);
        case type_kind::variant:
            return variant(static_cast<const variant_table&>(type), rule);
        case type_kind::object:
            return reference(static_cast<const object_table&>(type), type);
        case type_kind::partial:
            return reference(*static_cast<const partial_table&>(type).whole, type);
        case type_kind::dynamic:
            return json::object();
        default:
            return scalar(type);
    }
}

value schema_maker::scalar(const type_table& type) {
    switch (type.kind) {
        case type_kind::boolean:
            return simple("boolean");
        case type_kind::integer:
            return simple("integer");
        case type_kind::unsigned_integer: {
            value schema = simple("integer");
            schema["minimum"] = 0;
            return schema;
        }
        case type_kind::real:
            return simple("number");
        case type_kind::text:
            return simple("string");
        case type_kind::bytes: {
            value schema = simple("string");
            schema["contentEncoding"] = "base64";
            return schema;
        }
        case type_kind::instant:
            return simple("string", "date-time");
        case type_kind::local_time:
            return simple("string", "date-time-local");
        case type_kind::date:
            return simple("string", "date");
        case type_kind::time_of_day:
            return simple("string", "time");
        case type_kind::duration:
            return simple("string", "duration");
        case type_kind::uuid:
            return simple("string", "uuid");
        case type_kind::decimal:
            return simple("string", "decimal");
        default: {
            value schema = simple("string");
            schema["title"] = short_type_name(type.spelled);
            return schema;
        }
    }
}

value schema_maker::enumeration(const enumeration_table& type) {
    json::array names;
    for (const auto& one : type.known().all) {
        names.emplace_back(one.name);
    }
    value schema = simple("string");
    schema["title"] = short_type_name(type.spelled);
    schema["enum"] = std::move(names);
    return schema;
}

value schema_maker::literal(const literal_table& type) {
    value schema = simple("string");
    if (type.count == 1) {
        schema["const"] = type.names[0];
    } else {
        schema["enum"] = json::array(type.names, type.names + type.count);
    }
    return schema;
}

value schema_maker::list(const list_table& type, const rules* rule) {
    value schema = simple("array");
    schema["items"] = make(*type.item, rule != nullptr ? rule->each : nullptr);
    if (type.unique) {
        schema["uniqueItems"] = true;
    }
    return schema;
}

value schema_maker::fixed_list(const fixed_list_table& type) {
    json::array items;
    for (std::size_t i = 0; i < type.length; ++i) {
        items.push_back(make(*type.items[i], nullptr));
    }
    value schema = simple("array");
    schema["prefixItems"] = std::move(items);
    schema["minItems"] = type.length;
    schema["maxItems"] = type.length;
    return schema;
}

value schema_maker::map(const map_table& type, const rules* rule) {
    value schema = simple("object");
    schema["additionalProperties"] = make(*type.item, rule != nullptr ? rule->each : nullptr);
    value names = make(*type.key, rule != nullptr ? rule->keys : nullptr);
    const bool any_name = type.key->kind == type_kind::text || type.key->kind == type_kind::integer;
    if (!any_name || (rule != nullptr && rule->keys != nullptr)) {
        names["type"] = "string";
        schema["propertyNames"] = std::move(names);
    }
    return schema;
}

value schema_maker::nullable(const optional_table& type, const rules* rule) {
    return value{{"anyOf", json::array{make(*type.item, rule), simple("null")}}};
}

value schema_maker::variant(const variant_table& type, const rules* rule) {
    json::array all;
    for (std::size_t i = 0; i < type.count; ++i) {
        all.push_back(make(*type.alternatives[i], rule));
    }
    const std::string_view tag_name = tag_of(type);
    if (tag_name.empty()) {
        return value{{"anyOf", std::move(all)}};
    }
    json::object mapping;
    for (std::size_t i = 0; i < type.count; ++i) {
        const literal_table& tags = tags_of(*type.alternatives[i], tag_name);
        for (std::size_t k = 0; k < tags.count; ++k) {
            mapping[tags.names[k]] = all[i]["$ref"];
        }
    }
    value schema{{"oneOf", std::move(all)}};
    schema["discriminator"] = value{{"propertyName", tag_name}, {"mapping", std::move(mapping)}};
    return schema;
}

/// A class stands once, under its name, in the book; recursion ends there.
value schema_maker::reference(const object_table& type, const type_table& as) {
    const auto known = std::find_if(book_.names.begin(), book_.names.end(),
                                    [&](const auto& one) { return one.first == &as; });
    if (known != book_.names.end()) {
        return value{{"$ref", std::string(prefix_) + known->second}};
    }
    const bool partial = as.kind == type_kind::partial;
    std::string name = (partial ? "partial_" : "") + shape_of(type).name;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '<' || c == '>' || c == ','; }, '_');
    const std::string first = name;  // classes of two namespaces may have one name
    for (int n = 2; book_.definitions.contains(name); ++n) {
        name = first + '_' + std::to_string(n);
    }
    book_.names.emplace_back(&as, name);
    book_.definitions[name] = nullptr;  // takes its place before what it refers to
    book_.definitions[name] = object(type, partial);
    return value{{"$ref", std::string(prefix_) + name}};
}

value schema_maker::object(const object_table& type, bool partial) {
    const object_shape& shape = shape_of(type);
    value schema = simple("object");
    schema["title"] = shape.title.empty() ? shape.name : shape.title;
    if (!shape.description.empty()) {
        schema["description"] = shape.description;
    }
    json::object properties;
    json::array required;
    for (const auto& field : shape.fields) {
        properties[field.name] = member(field, shape);
        if (field.required && !partial) {
            required.emplace_back(field.name);
        }
    }
    schema["properties"] = std::move(properties);
    if (!required.empty()) {
        schema["required"] = std::move(required);
    }
    if (shape.forbid_extra) {
        schema["additionalProperties"] = false;
    }
    return schema;
}

/// The JSON of a value of that type.
value value_of(const type_table& type, const void* p) {
    std::string text;
    write_json(text, type, p, {});
    return json::loads(text);
}

void add_bound(value& schema, const char* keyword, const bound& b, const type_table& type) {
    if (b.set) {
        schema[keyword] = bound_value(b, type);
    }
}

void add_rules(value& schema, const type_table& type, const rules& rule) {
    const bool number = type.kind == type_kind::integer ||
                        type.kind == type_kind::unsigned_integer || type.kind == type_kind::real;
    if (number) {
        add_bound(schema, "exclusiveMinimum", rule.gt, type);
        add_bound(schema, "minimum", rule.ge, type);
        add_bound(schema, "exclusiveMaximum", rule.lt, type);
        add_bound(schema, "maximum", rule.le, type);
        add_bound(schema, "multipleOf", rule.multiple_of, type);
    }
    const bool list = type.kind == type_kind::list;
    const bool map = type.kind == type_kind::map;
    if (rule.min_length > 0) {
        schema[list ? "minItems" : map ? "minProperties" : "minLength"] = rule.min_length;
    }
    if (rule.max_length != no_limit) {
        schema[list ? "maxItems" : map ? "maxProperties" : "maxLength"] = rule.max_length;
    }
    if (!rule.pattern.empty()) {
        schema["pattern"] = rule.pattern;
    }
}

value schema_maker::make_described(const type_table& type, const rules& rule) {
    value schema = make(type, &rule);
    if (!rule.title.empty()) {
        schema["title"] = rule.title;
    }
    if (!rule.description.empty()) {
        schema["description"] = rule.description;
    }
    if (!rule.examples.empty()) {
        json::array examples;
        for (const void* example : rule.examples) {
            examples.push_back(value_of(type, example));
        }
        schema["examples"] = std::move(examples);
    }
    for (const auto& [flag, keyword] :
         {std::pair(rule.deprecated, "deprecated"), std::pair(rule.read_only, "readOnly"),
          std::pair(rule.write_only, "writeOnly")}) {
        if (flag) {
            schema[keyword] = true;
        }
    }
    return schema;
}

value schema_maker::member(const field& field, const object_shape& shape) {
    value schema = make_described(*field.type, *field.rule);
    if (field.has_default && !field.required && shape.prototype != nullptr) {
        const auto* base = static_cast<const char*>(shape.prototype);
        schema["default"] = value_of(*field.type, base + field.offset);
    }
    return schema;
}

// ---- Preparing ----------------------------------------------------------------------------------

void compile_patterns(const rules& rule, const std::string& owner) {
    compile_pattern(rule, owner);
    for (const rules* inner : {rule.each, rule.keys}) {
        if (inner != nullptr) {
            compile_patterns(*inner, owner);
        }
    }
}

class preparer {
public:
    void visit(const type_table& type) {
        switch (type.kind) {
            case type_kind::optional:
                return visit(*static_cast<const optional_table&>(type).item);
            case type_kind::list:
                return visit(*static_cast<const list_table&>(type).item);
            case type_kind::map:
                return visit(*static_cast<const map_table&>(type).item);
            case type_kind::partial:
                return visit(*static_cast<const partial_table&>(type).whole);
            case type_kind::fixed_list: {
                const auto& items = static_cast<const fixed_list_table&>(type);
                return all(items.items, items.length);
            }
            case type_kind::variant: {
                const auto& variant = static_cast<const variant_table&>(type);
                return all(variant.alternatives, variant.count);
            }
            case type_kind::object:
                return object(static_cast<const object_table&>(type));
            default:
                return;
        }
    }

private:
    void all(const type_table* const* types, std::size_t count) {
        std::for_each(types, types + count, [this](const type_table* t) { visit(*t); });
    }

    void object(const object_table& type) {
        if (!seen_.insert(&type).second) {
            return;
        }
        const object_shape& shape = shape_of(type);
        for (const auto& field : shape.fields) {
            compile_patterns(*field.rule, shape.name + '.' + field.name);
            visit(*field.type);
        }
    }

    std::set<const type_table*> seen_;
};

}  // namespace

value json_schema(const type_table& type, std::string_view prefix, schema_book& book) {
    return schema_maker(prefix, book).make(type, nullptr);
}

value json_schema(const type_table& type, const rules& rule, std::string_view prefix,
                  schema_book& book) {
    return schema_maker(prefix, book).make_described(type, rule);
}

void prepare_rules(rules& rule, const std::string& owner) {
    settle_rules(rule, owner);
    compile_patterns(rule, owner);
}

void prepare_json(const type_table& type) { preparer().visit(type); }

}  // namespace rondo::detail
