// SPDX-License-Identifier: MIT
#include "http/app_core.hpp"

#include "http/docs_page.hpp"
#include "http/error_answer.hpp"
#include "http/openapi.hpp"
#include "http/request_state.hpp"
#include "http/status.hpp"
#include <rondo/core/debug.hpp>
#include <rondo/core/errors.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/http/background_tasks.hpp>
#include <rondo/http/detail/exchange.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rondo::http::detail {

app_core::app_core(const app_options& o)
    : router_core({}),
      options{std::string(o.title),       std::string(o.version),     std::string(o.summary),
              std::string(o.description), std::string(o.openapi_url), std::string(o.docs_url),
              o.redirect_slashes,         o.strict_content_type,      o.debug} {}

app_core::~app_core() { clear_overrides(); }

// ---- Setting up

/// Derived classes stand before their bases, whatever the order in which they are added.
void app_core::add_error_handler(error_handler handler) {
    const auto at =
        std::find_if(error_handlers_.begin(), error_handlers_.end(),
                     [&](const error_handler& other) { return other.catches(handler.thrower); });
    error_handlers_.insert(at, std::move(handler));
}

bound_dependency& app_core::dependency_for(const dependency_spec& spec) {
    auto& slot = dependencies_[spec.key];
    if (!slot) {
        slot = std::make_unique<bound_dependency>();
        slot->spec = &spec;
        slot->function = bind(spec.parameters(), {}, "a dependency");
        slot->run = spec.run;
        slot->call = {spec.function, &slot->function};
    }
    return *slot;
}

void app_core::add_override(const dependency_spec& spec,
                            std::span<const parameter_spec> (*parameters)(),
                            coro<kept_value*> (*run)(exchange&, dependency_call), void* function,
                            void (*destroy)(void*) noexcept) {
    overrides_.push_back({function, destroy});
    bound_dependency& dependency = dependency_for(spec);
    dependency.override_function = bind(parameters(), {}, "an override of a dependency");
    bind_dependencies(dependency.override_function, "an override of a dependency");
    dependency.run = run;
    dependency.call = {function, &dependency.override_function};
}

void app_core::clear_overrides() noexcept {
    for (auto& [key, dependency] : dependencies_) {
        dependency->run = dependency->spec->run;
        dependency->call = {dependency->spec->function, &dependency->function};
    }
    for (const override_owner& owner : overrides_) {
        owner.destroy(owner.function);
    }
    overrides_.clear();
}

void app_core::bind_dependencies(bound_function& function, const std::string& owner) {
    for (bound_parameter& p : function.parameters) {
        if (p.spec->kind == parameter_kind::state) {
            const auto found = states.find(p.spec->key);
            if (found == states.end()) {
                throw std::logic_error(owner + ": the app has no state of type " +
                                       rondo::detail::short_type_name(p.spec->spelled) +
                                       "; give it one with app.state(object)");
            }
            p.state = found->second;
        } else if (p.spec->kind == parameter_kind::dependency && p.dependency == nullptr) {
            bound_dependency& dependency = dependency_for(*p.spec->dependency);
            p.dependency = &dependency;
            bind_dependencies(dependency.function, owner);
        }
    }
}

void app_core::bind_operation(operation_core& operation) {
    if (operation.path.empty()) {
        throw std::logic_error(operation.method + ": the route is empty, and so is the prefix");
    }
    bind_dependencies(operation.function, operation.title());
    for (const dependency_spec* spec : operation.dependencies) {
        bound_dependency& guard = dependency_for(*spec);
        bind_dependencies(guard.function, operation.title());
        operation.guards.push_back(&guard);
    }
    routes_.add(operation);
}

void app_core::add_documents() {
    if (std::exchange(documented_, true) || options.openapi_url.empty()) {
        return;
    }
    operation_options hidden;
    hidden.include_in_schema = false;
    const auto add_page = [&](const std::string& path, auto handler) {
        using H = decltype(handler);
        add("GET", path, hidden, handler_of<H>, new H(std::move(handler)));
    };
    add_page(options.openapi_url, [this, text = std::string()]() mutable {
        if (text.empty()) {
            text = json::dumps(openapi_document(*this));
        }
        return http::response(text, 200, "application/json");
    });
    if (!options.docs_url.empty()) {
        add_page(options.docs_url, [this] { return html(docs_page(options.openapi_url)); });
    }
}

void app_core::add_mount(std::string_view below, std::unique_ptr<mounted> target) {
    std::string at(below);
    if (!at.starts_with('/') || at.find('{') != std::string::npos) {
        throw std::logic_error("mount: the prefix \"" + at +
                               "\" has to begin with a slash, and has no {names}");
    }
    while (at.ends_with('/')) {
        at.pop_back();
    }
    const auto is_there = [&](const mount_point& m) { return m.prefix == at; };
    if (std::any_of(mounts_.begin(), mounts_.end(), is_there)) {
        throw std::logic_error("mount: something is mounted at \"" + std::string(below) +
                               "\" already");
    }
    const auto is_shorter = [&](const mount_point& m) { return m.prefix.size() < at.size(); };
    const auto before = std::find_if(mounts_.begin(), mounts_.end(), is_shorter);
    mount_point added{std::move(at), std::move(target)};
    mounts_.insert(before, std::move(added));
}

void app_core::freeze() {
    add_documents();
    for (; bound_ < operations.size(); ++bound_) {
        bind_operation(*operations[bound_]);
    }
}

void app_core::begin(http::app& served) {
    served_ = &served;
    freeze();
    for (const mount_point& m : mounts_) {
        m.target->begin();
    }
}

coro<void> app_core::startup() {
    if (lifespan) {
        entered_.emplace(lifespan(*served_));
        co_await entered_->aenter();
    }
}

coro<void> app_core::shutdown() {
    co_await wait_for_background();
    if (entered_) {
        context_manager<> leaving = std::move(*entered_);
        entered_.reset();
        static_cast<void>(co_await leaving.aexit(nullptr));
    }
}

// ---- From a request to its answer

namespace {

/// What goes wrong has no request any more that it could be answered to.
coro<void> release(kept_values& kept, std::exception_ptr error, bool all) {
    auto releasing = kept.release(std::move(error), all);
    try {
        co_await std::move(releasing);
    } catch (...) {
        report("a dependency's release failed", std::current_exception());
    }
}

/// What a request leaves behind for the time after its answer.
class exchange_end final : public after_response {
public:
    exchange_end(kept_values kept, box<background_tasks> background, std::exception_ptr error,
                 app_core& app)
        : kept_(std::move(kept)),
          background_(std::move(background)),
          error_(std::move(error)),
          app_(app) {}

    coro<void> run(bool sent) override {
        co_await release(kept_, error_, true);
        if (background_ && sent) {
            app_.run_in_background(std::move(background_));
        }
    }

private:
    kept_values kept_;
    box<background_tasks> background_;
    std::exception_ptr error_;
    app_core& app_;
};

/// What the routes see: the path behind the prefixes at which applications are mounted.
std::string_view path_of(const http::request& asked) {
    return asked.raw_path().substr(asked.state_of().mounted);
}

}  // namespace

void report(std::string what, const std::exception_ptr& error) noexcept {
    exception_context context;
    context.message = std::move(what);
    context.exception = error;
    get_running_loop().call_exception_handler(context);
}

coro<void> app_core::handle(http::request& asked, http::response& answer) {
    return middlewares.empty() ? dispatch(asked, answer) : through_middlewares(asked, answer);
}

coro<void> app_core::through_middlewares(http::request& asked, http::response& answer) {
    std::exception_ptr error;
    auto pending = call(middlewares.size(), asked);
    try {
        answer = co_await std::move(pending);
    } catch (const cancelled_error&) {
        throw;
    } catch (...) {
        error = std::current_exception();
    }
    if (error) {
        answer_exception(error, asked, answer);
    }
}

coro<http::response> app_core::call(std::size_t left, http::request& asked) {
    http::response answer;
    if (left == 0) {
        co_await dispatch(asked, answer);
    } else {
        auto pending = middlewares[left - 1](asked, next(*this, left - 1));
        answer = co_await std::move(pending);
    }
    co_return answer;
}

coro<void> app_core::dispatch(http::request& asked, http::response& answer) {
    exchange ex(*this, asked, answer);
    std::exception_ptr error;
    bool cancelled = false;
    try {
        const auto match =
            routes_.find(asked.method(), path_of(asked), asked.state_of().raw_path_params);
        ex.operation_ = match.operation;
        if (match.operation == nullptr) {
            co_await answer_unmatched(match, asked, answer);
        } else {
            answer.status_code = match.operation->status_code;
            const operation_core& operation = *match.operation;
            if (operation.spec.call != nullptr && operation.guards.empty()) {
                operation.spec.call(ex, operation.function, operation.handler);
            } else {
                co_await run_operation(ex);
            }
        }
        if (!ex.errors_.empty() && !ex.refused_) {
            error = answer_errors(ex);
        }
    } catch (const cancelled_error&) {
        cancelled = true;
        error = std::current_exception();
    } catch (...) {
        error = std::current_exception();
    }
    if (error && !cancelled) {
        answer_exception(error, asked, answer);
    }
    if (!ex.kept_.empty() || ex.background_) {
        co_await finish(ex, error, cancelled);
    }
    if (cancelled) {
        std::rethrow_exception(error);
    }
}

coro<void> app_core::run_operation(exchange& ex) {
    const operation_core& operation = *ex.operation_;
    for (const bound_dependency* guard : operation.guards) {
        const bool right = co_await ex.resolve(*guard, nullptr, nullptr);
        if (!right) {
            co_return;
        }
    }
    if (operation.spec.call != nullptr) {
        operation.spec.call(ex, operation.function, operation.handler);
    } else {
        co_await operation.spec.run(ex, operation.function, operation.handler);
    }
}

coro<void> app_core::finish(exchange& ex, std::exception_ptr error, bool at_once) {
    co_await release(ex.kept_, error, at_once);
    response_parts::after(ex.response_) = box<after_response>(
        new exchange_end(std::move(ex.kept_), std::move(ex.background_), std::move(error), *this));
}

/// 422 with everything that is wrong; as an exception where a handler for it may be.
std::exception_ptr app_core::answer_errors(exchange& ex) {
    json::validation_error error(std::move(ex.errors_));
    if (!error_handlers_.empty()) {
        return std::make_exception_ptr(std::move(error));
    }
    write_validation_error(error, ex.response_);
    return nullptr;
}

void app_core::write_validation_error(const json::validation_error& error, http::response& answer) {
    response_parts::clear(answer);
    answer.status_code = 422;
    answer.headers.add_checked("content-type", "application/json");
    answer.body.append(R"({"detail":)").append(error.json()).append("}");
}

mounted* app_core::find_mount(std::string_view path, std::size_t& prefix_size) const {
    for (const mount_point& m : mounts_) {
        const bool is_below = path.starts_with(m.prefix) &&
                              (path.size() == m.prefix.size() || path[m.prefix.size()] == '/');
        if (is_below) {
            prefix_size = m.prefix.size();
            return m.target.get();
        }
    }
    return nullptr;
}

coro<void> app_core::answer_unmatched(const route_tree::match& match, http::request& asked,
                                      http::response& answer) {
    std::size_t prefix_size = 0;
    mounted* const target =
        match.allowed.empty() ? find_mount(path_of(asked), prefix_size) : nullptr;
    if (target != nullptr) {
        asked.state_of().mounted += prefix_size;
        co_await target->handle(asked, answer);
        asked.state_of().mounted -= prefix_size;
        co_return;
    }
    if (!match.allowed.empty()) {
        std::string allowed;
        for (const std::string_view method : match.allowed) {
            allowed.append(allowed.empty() ? "" : ", ").append(method);
        }
        answer_error(http::error(405, "Method Not Allowed", {{"allow", allowed}}), asked, answer);
    } else if (!options.redirect_slashes || !redirect_slash(asked, answer)) {
        answer_error(http::error(404, "Not Found"), asked, answer);
    }
}

void app_core::answer_error(const http::error& error, http::request& asked,
                            http::response& answer) {
    const auto found = status_handlers.find(error.status_code());
    if (found == status_handlers.end()) {
        write_error(error, answer);
    } else {
        answer = found->second(asked, error);
    }
}

bool app_core::redirect_slash(http::request& asked, http::response& answer) {
    std::string other(path_of(asked));
    if (other.ends_with('/')) {
        other.erase(other.find_last_not_of('/') + 1);
    } else {
        other += '/';
    }
    // "//host" would be another server's URL.
    if (other.starts_with("//")) {
        return false;
    }
    route_tree::captures ignored;
    const auto match = routes_.find(asked.method(), other, ignored);
    if (match.operation == nullptr && match.allowed.empty()) {
        return false;
    }
    other.insert(0, asked.raw_path().substr(0, asked.state_of().mounted));
    if (!asked.query_string().empty()) {
        other.append("?").append(asked.query_string());
    }
    answer = redirect(other, 307);
    return true;
}

void app_core::answer_exception(const std::exception_ptr& error, http::request& asked,
                                http::response& answer) {
    for (error_handler& handler : error_handlers_) {
        response_parts::clear(answer);
        if (handler.handle(asked, error, answer)) {
            return;
        }
    }
    try {
        std::rethrow_exception(error);
    } catch (const http::error& e) {
        answer_error(e, asked, answer);
    } catch (const json::validation_error& e) {
        write_validation_error(e, answer);
    } catch (...) {
        answer_unknown(error, asked, answer);
    }
}

void app_core::answer_unknown(const std::exception_ptr& error, http::request& asked,
                              http::response& answer) {
    report(std::string(asked.method()) + ' ' + std::string(asked.raw_path()) + " failed", error);
    const std::string detail =
        options.debug ? describe_exception(error) : std::string("Internal Server Error");
    answer_error(http::error(500, detail), asked, answer);
}

// ---- Background tasks

void app_core::run_in_background(box<background_tasks> tasks) {
    std::erase_if(background_, [](const task<void>& t) { return t.done(); });
    const auto run = [](box<background_tasks> all) -> coro<void> { co_await all->run_all(); };
    background_.push_back(create_task(run(std::move(tasks)), {.name = "background tasks"}));
}

coro<void> app_core::wait_for_background() {
    while (!background_.empty()) {
        const task<void> oldest = std::move(background_.back());
        background_.pop_back();
        co_await oldest;
    }
}

}  // namespace rondo::http::detail
