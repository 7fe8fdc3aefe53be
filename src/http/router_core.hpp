// SPDX-License-Identifier: MIT
#pragma once

#include "http/bound_function.hpp"
#include <rondo/http/operation.hpp>
#include <rondo/http/router.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::http::detail {

/// An answer that an operation documents besides its own.
struct documented_answer {
    int status_code;
    const rondo::detail::type_table* type;  // null: no body
    std::string description;
};

/// A path operation: its route, its handler, and what is said of it.
class operation_core {
public:
    operation_core(std::string_view method, std::string path, const operation_options& options,
                   const handler_spec& spec, void* handler);
    operation_core(const operation_core&) = delete;
    operation_core& operator=(const operation_core&) = delete;
    ~operation_core() { spec.destroy(handler); }

    /// "GET /items/{item_id}"
    std::string title() const { return method + ' ' + path; }

    std::string method;
    std::string path;
    std::vector<std::string> names;  // of the route
    const handler_spec& spec;
    void* handler;

    // ---- options
    int status_code;
    std::string summary, description, response_description, operation_id;
    std::vector<std::string> tags;
    bool deprecated, include_in_schema;
    json::dump_options dump;
    std::vector<documented_answer> answers;
    std::vector<const dependency_spec*> dependencies;  // for their effect, first to last

    // ---- bound by the app
    bound_function function;
    std::vector<const bound_dependency*> guards;
};

/// What a router has collected.
class router_core {
public:
    explicit router_core(const router_options& options)
        : prefix(options.prefix), tag(options.tag), include_in_schema(options.include_in_schema) {}
    router_core(const router_core&) = delete;
    router_core& operator=(const router_core&) = delete;
    virtual ~router_core() = default;

    operation_core& add(std::string_view method, std::string_view path,
                        const operation_options& options, const handler_spec& spec, void* handler);
    void take_in(router_core& other, std::string_view under);

    std::string prefix;
    std::string tag;
    bool include_in_schema;
    std::vector<const dependency_spec*> dependencies;
    std::vector<std::unique_ptr<operation_core>> operations;
};

}  // namespace rondo::http::detail
