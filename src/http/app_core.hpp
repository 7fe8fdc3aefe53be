// SPDX-License-Identifier: MIT
#pragma once

#include "http/application.hpp"
#include "http/bound_function.hpp"
#include "http/mount.hpp"
#include "http/route_tree.hpp"
#include "http/router_core.hpp"
#include <rondo/core/task.hpp>
#include <rondo/http/app.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rondo::http::detail {

/// An app: the way from a request to its answer.
class app_core final : public application, public router_core {
public:
    explicit app_core(const app_options& options);
    ~app_core() override;

    // ---- set up
    struct settings {
        std::string title, version, summary, description, openapi_url, docs_url;
        bool redirect_slashes, strict_content_type, debug;
    };
    struct error_handler {
        void (*thrower)();
        bool (*catches)(void (*)());
        unique_function<bool(http::request&, const std::exception_ptr&, http::response&)> handle;
    };

    settings options;
    std::map<const void*, void*> states;
    std::vector<unique_function<coro<http::response>(http::request&, next)>> middlewares;
    std::map<int, unique_function<http::response(http::request&, const http::error&)>>
        status_handlers;
    unique_function<context_manager<>(http::app&)> lifespan;

    void add_error_handler(error_handler handler);
    void add_override(const dependency_spec& spec, std::span<const parameter_spec> (*parameters)(),
                      coro<kept_value*> (*run)(exchange&, dependency_call), void* function,
                      void (*destroy)(void*) noexcept);
    void clear_overrides() noexcept;
    /// Throws std::logic_error for a prefix that does not begin with a slash, or stands there
    /// already.
    void add_mount(std::string_view prefix, std::unique_ptr<mounted> target);
    /// Binds what was added since the last call. Throws std::logic_error for a route that stands
    /// twice, a state that is missing and rules that contradict themselves.
    void freeze();

    // ---- serving
    /// Binds everything; `served` is what the lifespan gets.
    void begin(http::app& served);
    coro<void> startup() override;
    coro<void> shutdown() override;
    coro<void> handle(http::request& asked, http::response& answer) override;
    /// Through the innermost `left` of the middlewares.
    coro<http::response> call(std::size_t left, http::request& asked);
    /// Asks the handler of that status, if there is one.
    void answer_error(const http::error& error, http::request& asked, http::response& answer);
    void run_in_background(box<background_tasks> tasks);
    /// Until no background task is left.
    coro<void> wait_for_background();

private:
    struct override_owner {
        void* function;
        void (*destroy)(void*) noexcept;
    };

    void add_documents();
    void bind_operation(operation_core& operation);
    void bind_dependencies(bound_function& function, const std::string& owner);
    bound_dependency& dependency_for(const dependency_spec& spec);

    coro<void> through_middlewares(http::request& asked, http::response& answer);
    coro<void> dispatch(http::request& asked, http::response& answer);
    coro<void> run_operation(exchange& ex);
    /// Leaves the context managers whose time has come; the rest is left for after the answer.
    coro<void> finish(exchange& ex, std::exception_ptr error, bool at_once);

    mounted* find_mount(std::string_view path, std::size_t& prefix_size) const;
    coro<void> answer_unmatched(const route_tree::match& match, http::request& asked,
                                http::response& answer);
    bool redirect_slash(http::request& asked, http::response& answer);
    std::exception_ptr answer_errors(exchange& ex);
    static void write_validation_error(const json::validation_error& error, http::response& answer);
    void answer_exception(const std::exception_ptr& error, http::request& asked,
                          http::response& answer);
    void answer_unknown(const std::exception_ptr& error, http::request& asked,
                        http::response& answer);

    http::app* served_ = nullptr;
    std::optional<context_manager<>> entered_;
    route_tree routes_;
    std::size_t bound_ = 0;  // of the operations
    bool documented_ = false;
    std::map<const void*, std::unique_ptr<bound_dependency>> dependencies_;
    std::vector<error_handler> error_handlers_;  // derived classes before their bases
    std::vector<override_owner> overrides_;
    struct mount_point {
        std::string prefix;  // without a slash at its end
        std::unique_ptr<mounted> target;
    };
    std::vector<mount_point> mounts_;  // longest prefix first
    std::vector<task<void>> background_;
};

/// To the loop's exception handler.
void report(std::string what, const std::exception_ptr& error) noexcept;

}  // namespace rondo::http::detail
