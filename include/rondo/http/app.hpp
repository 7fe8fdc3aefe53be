// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/unique_function.hpp>
#include <rondo/core/context_manager.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/http/depends.hpp>
#include <rondo/http/middleware.hpp>
#include <rondo/http/router.hpp>
#include <rondo/http/serve.hpp>
#include <rondo/http/state.hpp>
#include <rondo/http/static_files.hpp>
#include <rondo/json/value.hpp>

#include <concepts>
#include <cstdint>
#include <exception>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo::http {

struct app_options {
    std::string_view title = "rondo";
    std::string_view version = "0.1.0";
    std::string_view summary = "";
    std::string_view description = "";
    /// Where the document and its page are; empty: nowhere.
    std::string_view openapi_url = "/openapi.json";
    std::string_view docs_url = "/docs";
    /// `/items` where only `/items/` is a route, and the other way round, is answered with 307.
    bool redirect_slashes = true;
    /// A JSON body needs `Content-Type: application/json`, or another that ends with `+json`.
    bool strict_content_type = true;
    /// The answer to an exception that nobody handles says what it was.
    bool debug = false;
};

enum class frontend_fallback : std::uint8_t {
    automatic,  // index.html for what accepts HTML
    none,
};

/// An API server's application: FastAPI.
///
///     http::app app({.title = "Burger API"});
///     app.get("/burgers", read_burgers);
///     http::run(app, {.port = 8000});
///
/// It is set up before it serves, and belongs to one loop. `/openapi.json` describes it, and
/// `/docs` shows that. A handler's exception is answered with 500 and logged; http::error with its
/// own status; input that does not fit with 422 and everything that is wrong. Move-only. Threads:
/// the loop's.
class app : public router {
public:
    explicit app(const app_options& options = {});
    app(app&& other) noexcept;
    app& operator=(app&& other) noexcept;
    ~app();

    // ---- before it serves
    /// An object for `http::state<T>` parameters; it must live as long as the app.
    template <class T>
    void state(T& object) {
        add_state(&detail::state_key<T>, &object);
    }
    /// `coro<response>(request&, http::next)`; the last one added is the first to see a request.
    template <class F>
        requires std::same_as<std::invoke_result_t<F&, request&, next>, coro<response>>
    void middleware(F f) {
        add_middleware(unique_function<coro<response>(request&, next)>(std::move(f)));
    }
    /// Answers exceptions of class E, and of those that derive from it unless another handler is
    /// closer: `response(request&, const E&)`. Not for cancelled_error.
    template <class E, class F>
    void exception_handler(F f) {
        add_exception_handler(&throw_pointer<E>, &catch_pointer<E>,
                              [f = std::move(f)](request& r, const std::exception_ptr& error,
                                                 response& answer) mutable {
                                  try {
                                      std::rethrow_exception(error);
                                  } catch (const E& e) {
                                      answer = f(r, e);
                                      return true;
                                  } catch (...) {
                                      return false;
                                  }
                              });
    }
    /// Answers errors of that status, those of rondo's own (404 for no route, 405) included:
    /// `response(request&, const error&)`.
    template <class F>
        requires std::same_as<std::invoke_result_t<F&, request&, const error&>, response>
    void exception_handler(int status_code, F f) {
        add_status_handler(status_code,
                           unique_function<response(request&, const error&)>(std::move(f)));
    }
    /// What is entered before the app listens, on every loop, and left after the last request:
    /// `context_manager<>(app&)`.
    template <class F>
        requires std::same_as<std::invoke_result_t<F&, app&>, context_manager<>>
    void lifespan(F f) {
        set_lifespan(unique_function<context_manager<>(app&)>(std::move(f)));
    }

    // ---- below a prefix; path operations win
    /// The files of a folder: `app.mount("/static", http::static_files("static"))`.
    void mount(std::string_view prefix, static_files files);
    /// Another application, with its own middlewares and errors. Its lifespan is not entered, and
    /// its operations do not stand in this one's document.
    void mount(std::string_view prefix, app&& other);
    /// The files of a single-page application: what a browser asks for that is no file is
    /// index.html, whose JavaScript knows the page.
    void frontend(std::string_view prefix, std::string_view directory,
                  frontend_fallback fallback = frontend_fallback::automatic);

    // ---- serving
    /// Serves until it is cancelled: enters the lifespan, listens, and in the end accepts nothing
    /// more, lets requests end for `shutdown_timeout`, cancels those that are left, waits for
    /// background tasks and leaves the lifespan.
    /// Returns: never. Throws: system_error when it cannot listen; logic_error as get_openapi();
    /// what the lifespan throws. Cancellation: ends it, in order. Fairness: yields only to wait.
    /// Threads: the loop's.
    [[nodiscard]] coro<void> serve(const serve_options& options = {});

    // ---- in tests
    /// `depends<Function>` gets what `g` returns instead, which takes parameters of its own.
    template <auto Function, class G>
    void override_dependency(G g) {
        static_assert(std::is_same_v<detail::awaited_result_of<G>,
                                     detail::awaited_result_of<decltype(Function)>>,
                      "what stands in for a dependency has the same result");
        add_override(detail::dependency_of<Function>, &detail::parameters_of<G>,
                     &detail::run_dependency<G>, new G(std::move(g)),
                     [](void* object) noexcept { delete static_cast<G*>(object); });
    }
    void clear_overrides();

    // ---- observers
    /// The OpenAPI 3.1 document. Throws std::logic_error for a route that stands twice, and for a
    /// state that the app was not given.
    json::value get_openapi() const;

    /// For rondo's own parts.
    detail::app_core& core() const noexcept;

private:
    using rethrower = unique_function<bool(request&, const std::exception_ptr&, response&)>;

    // A pointer to a class is caught as one to its base: how handlers are put in order.
    template <class E>
    static void throw_pointer() {
        throw static_cast<E*>(nullptr);
    }
    template <class E>
    static bool catch_pointer(void (*thrower)()) {
        try {
            thrower();
        } catch (E*) {
            return true;
        } catch (...) {
        }
        return false;
    }

    void add_state(const void* key, void* object);
    void add_middleware(unique_function<coro<response>(request&, next)> f);
    void add_exception_handler(void (*thrower)(), bool (*catches)(void (*)()), rethrower handler);
    void add_status_handler(int status_code, unique_function<response(request&, const error&)> f);
    void set_lifespan(unique_function<context_manager<>(app&)> f);
    void add_override(const detail::dependency_spec& spec,
                      std::span<const detail::parameter_spec> (*parameters)(),
                      coro<detail::kept_value*> (*run)(detail::exchange&, detail::dependency_call),
                      void* function, void (*destroy)(void*) noexcept);
};

/// Serves the app in this process until SIGINT or SIGTERM comes: uvicorn.run. It ends as
/// app::serve() does when it is cancelled; a second signal ends the process at once. Says on stderr
/// where it listens. Throws what app::serve() throws. Not from inside a running loop.
void run(app& served, const serve_options& options = {});

namespace detail {
/// Calls each of the functions in a loop and a thread of its own, and serves what it makes.
void run_copies(std::vector<unique_function<app()>> makers, const serve_options& options);
}  // namespace detail

/// The same on `options.loops` loops, each of which serves an app of its own: uvicorn's `factory`
/// and `workers`. `make` is copied for each loop and called there, so that apps, handlers and what
/// they capture are never shared. Throws invalid_argument for no loops, and for several without the
/// number of a port.
///
///     rondo::http::run(make_app, {.port = 8000, .loops = 4});
template <class Make>
    requires std::same_as<std::invoke_result_t<Make&>, app>
void run(Make make, const serve_options& options = {}) {
    std::vector<unique_function<app()>> makers;
    for (unsigned i = 0; i < options.loops; ++i) {
        makers.emplace_back(Make(make));
    }
    detail::run_copies(std::move(makers), options);
}

}  // namespace rondo::http
