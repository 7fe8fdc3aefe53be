// SPDX-License-Identifier: MIT
#include "http/app_core.hpp"
#include "http/mount.hpp"
#include "http/openapi.hpp"
#include <rondo/http/app.hpp>
#include <rondo/threads/run_on_loops.hpp>

#include <stdexcept>

namespace rondo::http {

app::app(const app_options& options)
    : router(box<detail::router_core>(new detail::app_core(options))) {}
app::app(app&& other) noexcept = default;
app& app::operator=(app&& other) noexcept = default;
app::~app() = default;

detail::app_core& app::core() const noexcept {
    return static_cast<detail::app_core&>(router::core());
}

void app::add_state(const void* key, void* object) { core().states[key] = object; }

void app::add_middleware(unique_function<coro<response>(request&, next)> f) {
    core().middlewares.push_back(std::move(f));
}

void app::add_exception_handler(void (*thrower)(), bool (*catches)(void (*)()), rethrower handler) {
    detail::app_core::error_handler added{thrower, catches, std::move(handler)};
    core().add_error_handler(std::move(added));
}

void app::add_status_handler(int status_code, unique_function<response(request&, const error&)> f) {
    core().status_handlers[status_code] = std::move(f);
}

void app::set_lifespan(unique_function<context_manager<>(app&)> f) {
    core().lifespan = std::move(f);
}

void app::add_override(const detail::dependency_spec& spec,
                       std::span<const detail::parameter_spec> (*parameters)(),
                       coro<detail::kept_value*> (*run)(detail::exchange&, detail::dependency_call),
                       void* function, void (*destroy)(void*) noexcept) {
    core().add_override(spec, parameters, run, function, destroy);
}

void app::clear_overrides() { core().clear_overrides(); }

json::value app::get_openapi() const {
    core().freeze();
    return detail::openapi_document(core());
}

void app::mount(std::string_view prefix, static_files files) {
    core().add_mount(prefix, detail::mount_files(std::move(files), false));
}
void app::mount(std::string_view prefix, app&& other) {
    core().add_mount(prefix, detail::mount_app(std::move(other)));
}
void app::frontend(std::string_view prefix, std::string_view directory,
                   frontend_fallback fallback) {
    core().add_mount(prefix, detail::mount_files(static_files(directory),
                                                 fallback == frontend_fallback::automatic));
}

coro<void> app::serve(const serve_options& options) {
    core().begin(*this);
    return detail::serve(core(), options);
}

void run(app& served, const serve_options& options) {
    served.core().begin(served);
    detail::run(served.core(), options);
}

namespace detail {
namespace {

/// The signal came: thrown through the loops, which cancels the others.
struct signalled {};

coro<void> serve_copy(unique_function<app()> make, serve_options options, bool is_first) {
    app served = make();
    served.core().begin(served);
    if (!is_first) {
        co_await serve(served.core(), options);
        co_return;
    }
    co_await serve_until_signalled(served.core(), options);
    throw signalled();
}

}  // namespace

void run_copies(std::vector<unique_function<app()>> makers, const serve_options& options) {
    if (makers.empty()) {
        throw std::invalid_argument("http::run: loops is 0, and somebody has to serve");
    }
    if (makers.size() > 1 && (options.port == 0 || !options.uds.empty() || options.fd >= 0)) {
        throw std::invalid_argument(
            "http::run: several loops share a port by its number; take one loop for port 0, for a "
            "Unix socket and for a descriptor");
    }
    serve_options shared = options;
    shared.reuse_port = options.reuse_port || makers.size() > 1;
    std::vector<rondo::detail::loop_body> bodies;
    for (auto& make : makers) {
        const bool is_first = bodies.empty();
        bodies.emplace_back([make = std::move(make), shared, is_first](const loop_place&) mutable {
            return serve_copy(std::move(make), shared, is_first);
        });
    }
    try {
        rondo::detail::run_team(std::move(bodies), {});
    } catch (const signalled&) {
    }
}

}  // namespace detail

coro<response> next::operator()(request& r) const { return app_->call(index_, r); }

}  // namespace rondo::http
