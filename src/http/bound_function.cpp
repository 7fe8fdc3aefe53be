// SPDX-License-Identifier: MIT
#include "http/bound_function.hpp"

#include "json/rules.hpp"
#include <rondo/json/detail/text.hpp>

#include <algorithm>
#include <stdexcept>

namespace rondo::http::detail {

using rondo::detail::rules;
using rondo::detail::type_kind;
using rondo::detail::type_table;

std::string_view name_of(source from) noexcept {
    switch (from) {
        case source::path:
            return "path";
        case source::query:
            return "query";
        case source::header:
            return "header";
        case source::cookie:
            return "cookie";
        default:
            return "body";
    }
}

namespace {

/// Takes the names of a route in their order, past those that parameters name themselves.
class names_in_order {
public:
    names_in_order(std::span<const parameter_spec> specs, const std::vector<std::string>& names)
        : specs_(specs), names_(names) {}

    const std::string& next(const std::string& owner) {
        while (at_ < names_.size() && is_taken(names_[at_])) {
            ++at_;
        }
        if (at_ == names_.size()) {
            throw std::logic_error(owner +
                                   ": a parameter of the handler has no {name} in the route");
        }
        return names_[at_++];
    }

private:
    bool is_taken(const std::string& name) const {
        return std::any_of(specs_.begin(), specs_.end(), [&](const parameter_spec& p) {
            return p.is_in_route() && !p.is_struct && p.name == name;
        });
    }

    std::span<const parameter_spec> specs_;
    const std::vector<std::string>& names_;
    std::size_t at_ = 0;
};

void bind_value(bound_parameter& p, names_in_order& names, const std::string& owner) {
    const parameter_spec& spec = *p.spec;
    prepare_json(*spec.type);
    p.loc.emplace_back(name_of(spec.from));
    if (spec.is_struct) {
        p.object = static_cast<const rondo::detail::object_table*>(spec.type);
        return;
    }
    p.rule = std::make_unique<rules>();
    if (spec.add_rules != nullptr) {
        spec.add_rules(*p.rule);
    }
    p.name =
        !p.rule->alias.empty()
            ? p.rule->alias
            : std::string(spec.is_in_route() && spec.name.empty() ? names.next(owner) : spec.name);
    prepare_rules(*p.rule, owner + ": " + p.name);
    const type_table& type = without_optional(*spec.type);
    p.is_list = type.kind == type_kind::list;
    p.required =
        !(p.rule->optional || &type != spec.type || (p.is_list && p.rule->min_length == 0));
    p.loc.emplace_back(p.name);
}

}  // namespace

bound_function bind(std::span<const parameter_spec> specs,
                    const std::vector<std::string>& route_names, const std::string& owner) {
    bound_function made;
    names_in_order names(specs, route_names);
    std::size_t whole_bodies = 0;
    for (const parameter_spec& spec : specs) {
        bound_parameter& p = made.parameters.emplace_back();
        p.spec = &spec;
        switch (spec.kind) {
            case parameter_kind::value:
                bind_value(p, names, owner);
                made.takes_members = made.takes_members || spec.from == source::body;
                made.takes_form = made.takes_form || spec.from == source::form;
                break;
            case parameter_kind::file:
                p.name = spec.name;
                p.loc = {"body", p.name};
                p.required = !spec.optional;
                made.takes_form = true;
                break;
            case parameter_kind::whole_body:
                prepare_json(*spec.type);
                p.rule = std::make_unique<rules>();
                p.loc.emplace_back("body");
                p.required = spec.type->kind != type_kind::optional;
                [[fallthrough]];
            case parameter_kind::raw_body:
                made.takes_whole = true;
                ++whole_bodies;
                break;
            default:
                break;
        }
    }
    if (whole_bodies > 1 || made.takes_whole + made.takes_members + made.takes_form > 1) {
        throw std::logic_error(owner +
                               ": the body is taken twice; name its members, http::body<T, "
                               "\"name\">, or its fields, http::form<T, \"name\">");
    }
    return made;
}

}  // namespace rondo::http::detail
