// SPDX-License-Identifier: MIT
#include "http/app_core.hpp"
#include "http/mount.hpp"
#include "http/openapi.hpp"
#include <rondo/http/app.hpp>

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

coro<response> next::operator()(request& r) const { return app_->call(index_, r); }

}  // namespace rondo::http
