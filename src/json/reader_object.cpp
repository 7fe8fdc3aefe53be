// SPDX-License-Identifier: MIT
#include "json/reader.hpp"

#include <algorithm>

namespace rondo::detail {
namespace {

constexpr std::size_t unknown = SIZE_MAX;

/// Where a member stands. Texts mostly have the order of the class: `expected` is tried first.
std::size_t find_member(const object_shape& shape, std::string_view name, std::size_t expected) {
    const auto& fields = shape.fields;
    if (expected < fields.size() && fields[expected].name == name) [[likely]] {
        return expected;
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].name == name) {
            return i;
        }
    }
    return unknown;
}

/// Notes what each member of the class has in the text, the last one of a name; whether there are
/// others.
bool find_members(node n, const object_shape& shape, node* members) {
    bool extra = false;
    std::size_t expected = 0;
    std::fill_n(members, shape.fields.size(), node::none());
    for (node name = n.first(); !name.is_end();) {
        const node value = name.next();
        const std::size_t i = find_member(shape, name.text(), expected);
        if (i == unknown) {
            extra = true;
        } else {
            members[i] = value;
            expected = i + 1;
        }
        name = value.next();
    }
    return extra;
}

}  // namespace

bool reader::read_object(node n, const object_table& type, void* to, std::uint64_t* present) {
    const type_table* const outer = whose_;
    whose_ = &type;
    if (n.kind() != '{') {
        whose_ = outer;
        return fail(n, "model_attributes_type",
                    "Input should be a valid dictionary or object to extract fields from");
    }
    const object_shape& shape = shape_of(type);
    const strictness before = mode_;
    if (shape.strict) {
        mode_ = std::max(mode_, strictness::strict);
    }
    node few[16];
    std::vector<node> many(shape.fields.size() > std::size(few) ? shape.fields.size() : 0);
    node* members = many.empty() ? few : many.data();
    const bool extra = find_members(n, shape, members);
    bool right = read_members(n, shape, members, to, present == nullptr);
    if (present != nullptr) {
        *present = 0;
        for (std::size_t i = 0; i < shape.fields.size(); ++i) {
            const bool is_there = !members[i].is_none() && !shape.fields[i].rule->read_only;
            *present |= std::uint64_t{is_there} << i;
        }
    }
    right = (!extra || !shape.forbid_extra || report_extra(n, shape)) && right;
    right = right && (present != nullptr || shape.checks.empty() || check_object(n, shape, to));
    mode_ = before;
    whose_ = outer;
    return right;
}

bool reader::read_members(node n, const object_shape& shape, const node* members, void* to,
                          bool all) {
    bool right = true;
    for (std::size_t i = 0; i < shape.fields.size() && !is_hopeless(right); ++i) {
        const field& field = shape.fields[i];
        const node value = members[i];
        if (value.is_none() ? !(field.required && all) : field.rule->read_only) {
            continue;
        }
        const step at(*this, field.name);
        if (value.is_none()) {
            right = fail(n, "missing", "Field required");
            continue;
        }
        const type_table* const outer = whose_;
        whose_ = field.type;
        concealed_ += field.rule->write_only;
        right =
            read(value, *field.type, static_cast<char*>(to) + field.offset, *field.rule) && right;
        concealed_ -= field.rule->write_only;
        whose_ = outer;
    }
    return right;
}

bool reader::report_extra(node n, const object_shape& shape) {
    const type_table* const outer = whose_;
    whose_ = nullptr;
    for (node name = n.first(); !name.is_end(); name = name.next().next()) {
        if (find_member(shape, name.text(), unknown) == unknown) {
            const step at(*this, name.text());
            fail(name.next(), "extra_forbidden", "Extra inputs are not permitted");
        }
    }
    whose_ = outer;
    return false;
}

bool reader::check_object(node n, const object_shape& shape, const void* object) {
    for (const auto check : shape.checks) {
        if (const char* message = check(object)) {
            return fail(n, {"value_error", std::string("Value error, ") + message,
                            json::value{{"error", message}}});
        }
    }
    return true;
}

}  // namespace rondo::detail
