// SPDX-License-Identifier: MIT
#include "json/reader.hpp"
#include "json/tagged.hpp"
#include "json/type_names.hpp"

#include <algorithm>

namespace rondo::detail {
namespace {

const field* find_literal(const type_table& alternative, std::string_view name) {
    if (alternative.kind != type_kind::object) {
        return nullptr;
    }
    for (const auto& field : shape_of(static_cast<const object_table&>(alternative)).fields) {
        if (field.type->kind == type_kind::literal && field.name == name) {
            return &field;
        }
    }
    return nullptr;
}

std::string quoted_list(const variant_table& type, std::string_view tag_name) {
    std::string all;
    for (std::size_t i = 0; i < type.count; ++i) {
        const literal_table& tags = tags_of(*type.alternatives[i], tag_name);
        for (std::size_t k = 0; k < tags.count; ++k) {
            all += (all.empty() ? "'" : ", '") + std::string(tags.names[k]) + "'";
        }
    }
    return all;
}

bool has_tag(const literal_table& tags, std::string_view tag) {
    return std::find(tags.names, tags.names + tags.count, tag) != tags.names + tags.count;
}

}  // namespace

std::string_view tag_of(const variant_table& type) {
    if (type.alternatives[0]->kind != type_kind::object) {
        return {};
    }
    const auto& first = shape_of(static_cast<const object_table&>(*type.alternatives[0]));
    for (const auto& field : first.fields) {
        const bool everywhere =
            field.type->kind == type_kind::literal &&
            std::all_of(type.alternatives, type.alternatives + type.count,
                        [&](const type_table* a) { return find_literal(*a, field.name); });
        if (everywhere) {
            return field.name;
        }
    }
    return {};
}

const literal_table& tags_of(const type_table& alternative, std::string_view tag_name) {
    return static_cast<const literal_table&>(*find_literal(alternative, tag_name)->type);
}

bool reader::read_variant(node n, const variant_table& type, void* to, const rules& rule) {
    const std::string_view tag_name = tag_of(type);
    if (!tag_name.empty()) {
        return read_tagged(n, type, tag_name, to, rule);
    }
    const strictness before = mode_;
    if (try_alternatives(n, type, to, rule, strictness::exact) ||
        (before != strictness::exact && try_alternatives(n, type, to, rule, before))) {
        return true;
    }
    if (attempts_left_ == 0) {
        return fail(n, "too_many_alternatives",
                    "Input has alternatives within alternatives, too many to try");
    }
    if (trying_ > 0) {
        return false;
    }
    // None fits: all of them say why, each under its own name.
    for (std::size_t i = 0; i < type.count; ++i) {
        const std::string name = loc_name(*type.alternatives[i]);
        const step at(*this, name);
        read(n, *type.alternatives[i], type.emplace(to, i), rule);
    }
    return false;
}

bool reader::try_alternatives(node n, const variant_table& type, void* to, const rules& rule,
                              strictness mode) {
    const strictness before = mode_;
    mode_ = mode;
    ++trying_;
    bool found = false;
    for (std::size_t i = 0; i < type.count && !found; ++i) {
        if (attempts_left_ == 0) {
            break;
        }
        --attempts_left_;
        found = read(n, *type.alternatives[i], type.emplace(to, i), rule);
    }
    --trying_;
    mode_ = before;
    return found;
}

bool reader::read_tagged(node n, const variant_table& type, std::string_view tag_name, void* to,
                         const rules& rule) {
    if (n.kind() != '{') {
        return fail(n, "model_attributes_type",
                    "Input should be a valid dictionary or object to extract fields from");
    }
    node tag = node::none();
    for (node name = n.first(); !name.is_end(); name = name.next().next()) {
        if (name.text() == tag_name) {
            tag = name.next();
        }
    }
    const std::string spoken = "'" + std::string(tag_name) + "'";
    if (tag.is_none() || !tag.is_string()) {
        return fail(n,
                    {"union_tag_not_found", "Unable to extract tag using discriminator " + spoken,
                     json::value{{"discriminator", spoken}}});
    }
    for (std::size_t i = 0; i < type.count; ++i) {
        if (has_tag(tags_of(*type.alternatives[i], tag_name), tag.text())) {
            const step at(*this, tag.text());
            return read(n, *type.alternatives[i], type.emplace(to, i), rule);
        }
    }
    const std::string expected = quoted_list(type, tag_name);
    return fail(
        n,
        {"union_tag_invalid",
         "Input tag '" + std::string(tag.text()) + "' found using " + spoken +
             " does not match any of the expected tags: " + expected,
         json::value{{"discriminator", spoken}, {"tag", tag.text()}, {"expected_tags", expected}}});
}

}  // namespace rondo::detail
