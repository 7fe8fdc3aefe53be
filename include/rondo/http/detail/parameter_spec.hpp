// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/object_shape.hpp>
#include <rondo/base/detail/type_table.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/http/detail/value_of.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// What compiled code knows about a handler: constant tables that the templates of handler.hpp fill
// in. Reading parameters, running dependencies, errors and the OpenAPI document are written once,
// over these.

namespace rondo::http {
class upload_file;
}

namespace rondo::http::detail {

class exchange;
class kept_value;
struct bound_function;
struct dependency_spec;
struct security_spec;

enum class parameter_kind : std::uint8_t {
    value,       // read from one part of the request: a scalar, a list of them, or a struct
    whole_body,  // the JSON body as it is
    raw_body,    // the bytes of the body
    file,        // one or several files of a form
    provided,    // the exchange has it: request&, response&, background_tasks&
    state,       // an object that was given to the app
    security,    // credentials
    dependency,  // the result of another function
};

/// What is known of one parameter of a function when the program is compiled.
struct parameter_spec {
    parameter_kind kind;
    source from = source::path;
    bool is_struct = false;      // its members are the parameters
    std::string_view name = {};  // empty: the next {name} of the route, or a struct
    const rondo::detail::type_table* type = nullptr;
    void (*add_rules)(rondo::detail::rules&) = nullptr;
    void (*set_default)(void* slot) = nullptr;
    void (*write_default)(std::string& to) = nullptr;  // as JSON; null: there is none
    void* (*value_in)(void* slot) = nullptr;           // where the T of a slot lies
    void (*provide)(exchange&, void* slot) = nullptr;
    void (*set_value)(void* slot, void* value) = nullptr;  // of a state or a dependency
    void (*put_file)(void* slot, upload_file&& file) = nullptr;
    bool optional = false;          // of files: there may be none,
    bool is_list_of_files = false;  // or several
    const void* key = nullptr;      // of a state
    const char* spelled = nullptr;  // its type
    const dependency_spec* dependency = nullptr;
    const security_spec* security = nullptr;

    bool is_in_route() const noexcept {
        return kind == parameter_kind::value && from == source::path;
    }
};

/// When a dependency is released.
enum class scope : std::uint8_t {
    request,   // after the answer was sent
    function,  // before it is sent
};

/// A function as it is called for one app: with its parameters bound.
struct dependency_call {
    const void* function;
    const bound_function* parameters;
};

/// A function that `depends<f>` names. A request keeps its result under the key.
struct dependency_spec {
    std::span<const parameter_spec> (*parameters)();
    coro<kept_value*> (*run)(exchange&, dependency_call);
    const void* function;  // the constant f
    const void* key;
    scope until;
};

/// How the OpenAPI document describes an answer.
struct answer_spec {
    const rondo::detail::type_table* type = nullptr;  // null: not JSON
    std::string_view media_type = "application/json";
    bool is_stream = false;
    bool is_empty = false;  // void
};

/// What a handler does when it is called. One of `call` and `run` is null.
struct handler_spec {
    std::span<const parameter_spec> parameters;
    std::span<const answer_spec> answers;
    void (*call)(exchange&, const bound_function&, void* handler);  // never waits
    coro<void> (*run)(exchange&, const bound_function&, void* handler);
    void (*destroy)(void* handler) noexcept;
};

/// `{"token": {"type": "oauth2", …}}` in the document.
struct security_spec {
    std::string_view name;
    std::string_view definition;  // JSON
};

}  // namespace rondo::http::detail
