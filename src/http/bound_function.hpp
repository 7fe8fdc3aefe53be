// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/object_shape.hpp>
#include <rondo/http/detail/parameter_spec.hpp>
#include <rondo/json/value.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::http::detail {

struct bound_dependency;

/// A parameter of a function of one app: what its table says, made ready to be read.
struct bound_parameter {
    const parameter_spec* spec;
    std::string name;  // on the wire
    json::array loc;   // where errors say that it is
    std::unique_ptr<rondo::detail::rules> rule;
    bool required = true;
    bool is_list = false;
    const rondo::detail::object_table* object = nullptr;  // whose members are the parameters
    const bound_dependency* dependency = nullptr;
    void* state = nullptr;
};

/// A handler, or a dependency, with its parameters.
struct bound_function {
    std::vector<bound_parameter> parameters;
    // Of the body:
    bool takes_whole = false;
    bool takes_members = false;  // of the JSON object
    bool takes_form = false;
};

/// One dependency of an app, and what stands in for it in a test.
struct bound_dependency {
    const dependency_spec* spec;
    bound_function function;
    bound_function override_function;
    coro<kept_value*> (*run)(exchange&, dependency_call);
    dependency_call call;
};

/// Makes rules, names and locations; `route_names` are taken, in order, by parameters of the route
/// that have no name. Throws std::logic_error, which says `owner`.
bound_function bind(std::span<const parameter_spec> specs,
                    const std::vector<std::string>& route_names, const std::string& owner);

/// "path", "query", "header", "cookie", "body"
std::string_view name_of(source from) noexcept;

}  // namespace rondo::http::detail
