// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/detail/dependency.hpp>
#include <rondo/json/json.hpp>

#include <cstddef>
#include <string_view>

namespace rondo::http {

namespace detail {
class operation_core;
}

/// What a path operation says of itself, after its handler: FastAPI's arguments of `@app.get`.
struct operation_options {
    int status_code = 200;
    std::string_view summary = "";  // else from the handler's route
    std::string_view description = "";
    std::string_view response_description = "Successful Response";
    std::string_view operation_id = "";
    std::string_view tag = "";
    bool deprecated = false;
    bool include_in_schema = true;
    /// Members of the answer that are null, or equal their default, are left out.
    bool exclude_none = false;
    bool exclude_defaults = false;
};

/// A path operation that was added, for what does not fit into its options. A handle: copied
/// freely, good as long as its app or router. Threads: as the app.
class operation {
public:
    explicit operation(detail::operation_core& core) noexcept : core_(&core) {}

    operation& tag(std::string_view name);
    /// Runs for its effect, before the handler's own dependencies.
    template <auto Function>
    operation& depends() {
        add_dependency(detail::dependency_of<Function>);
        return *this;
    }
    /// Documents another answer.
    template <class T>
    operation& response(int status_code, std::string_view description) {
        return document(status_code, &rondo::detail::type_of<T>, description);
    }
    operation& response(int status_code, std::string_view description) {
        return document(status_code, nullptr, description);
    }

private:
    void add_dependency(const detail::dependency_spec& spec);
    operation& document(int status_code, const rondo::detail::type_table* type,
                        std::string_view description);

    detail::operation_core* core_;
};

}  // namespace rondo::http
