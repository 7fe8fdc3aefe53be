// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/http/detail/parameter_spec.hpp>
#include <rondo/http/error.hpp>
#include <rondo/http/response.hpp>
#include <rondo/json/errors.hpp>

#include <exception>
#include <string_view>
#include <vector>

namespace rondo::http {

class background_tasks;
class request;

namespace detail {

class app_core;
class operation_core;
struct bound_dependency;
struct bound_function;
struct bound_parameter;
struct form_data;

/// The result of a dependency, kept until the answer is sent.
class kept_value {
public:
    kept_value() = default;
    kept_value(const kept_value&) = delete;
    kept_value& operator=(const kept_value&) = delete;
    virtual ~kept_value() = default;

    virtual void* value() noexcept = 0;
    /// Leaves a context manager; `error` is the handler's, or null.
    virtual coro<void> release(std::exception_ptr error);
    virtual bool has_release() const noexcept { return false; }

private:
    friend class exchange;
    friend class kept_values;

    const void* key_ = nullptr;
    scope until_ = scope::request;
    bool is_released_ = false;
    kept_value* next_ = nullptr;
};

/// Results of dependencies, the youngest first.
class kept_values {
public:
    kept_values() = default;
    kept_values(kept_values&& other) noexcept;
    ~kept_values();

    bool empty() const noexcept { return first_ == nullptr; }
    void push(kept_value& value) noexcept;
    kept_value* find(const void* key) const noexcept;
    /// Leaves context managers, the youngest first; those for the whole request only when `all`.
    coro<void> release(std::exception_ptr error, bool all);

private:
    kept_value* first_ = nullptr;
};

/// One request on its way through the application: what the templates of handler.hpp work with.
class exchange {
public:
    exchange(app_core& app, http::request& req, http::response& res) noexcept;
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;
    ~exchange();

    http::request& request() const noexcept { return request_; }
    http::response& response() const noexcept { return response_; }

    // ---- parameters
    /// Reads what needs no await into the slots. False: something is wrong, and noted.
    bool fill(const bound_function& function, void* const* slots);
    /// The same with the body and dependencies.
    coro<bool> prepare(const bound_function& function, void* const* slots);
    /// The background tasks of this request, made at the first call.
    http::background_tasks& background();
    /// Credentials are missing or malformed: 401 with that challenge.
    void refuse(std::string_view challenge);

    // ---- answers
    void answer_json(const rondo::detail::type_table& type, const void* value);
    /// void: JSON's null, or nothing at all where the status says so.
    void answer_nothing();
    /// What was set on response& before is merged into it.
    void answer(http::response&& whole);
    /// As a status that may have a handler of its own.
    void answer(const http::error& error);
    void answer_stream(box<body_stream> stream, std::string_view media_type);
    /// The status and headers of a reply<T>.
    void set_head(int status_code, const http::headers& headers);

private:
    friend class app_core;

    bool read_value(const bound_parameter& p, void* slot);
    coro<bool> resolve(const bound_dependency& dependency, const parameter_spec* parameter,
                       void* slot);
    bool is_json_body(std::string_view body);
    bool read_body(const bound_function& function, void* const* slots, std::string_view body);
    bool read_whole(const bound_parameter& p, void* slot, std::string_view body);
    bool read_members(const bound_function& function, void* const* slots, std::string_view body);
    bool read_form_parameters(const bound_function& function, void* const* slots);
    bool read_files(const bound_parameter& p, void* slot);

    app_core& app_;
    http::request& request_;
    http::response& response_;
    const operation_core* operation_ = nullptr;
    std::vector<json::error_detail> errors_;
    bool refused_ = false;  // the answer is there already
    kept_values kept_;
    box<form_data> form_;
    box<http::background_tasks> background_;
};

}  // namespace detail
}  // namespace rondo::http
