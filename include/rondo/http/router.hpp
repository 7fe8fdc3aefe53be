// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/http/detail/body_arguments.hpp>
#include <rondo/http/detail/dependency.hpp>
#include <rondo/http/detail/exchange_arguments.hpp>
#include <rondo/http/detail/handler.hpp>
#include <rondo/http/detail/route.hpp>
#include <rondo/http/operation.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace rondo::http {

class router;

namespace detail {
class router_core;
}

/// A member function as a handler: `app.get("/items", http::bound(this, &shop::list))`. The object
/// must live as long as the app.
template <class C, class R, class... A>
auto bound(C* object, R (C::*function)(A...)) {
    return [object, function](A... arguments) -> R {
        return (object->*function)(std::forward<A>(arguments)...);
    };
}

struct router_options {
    std::string_view prefix = "";  // begins with a slash, and ends without one
    std::string_view tag = "";
    bool include_in_schema = true;
};

/// A group of path operations that an app, or another router, takes in: FastAPI's APIRouter.
///
///     http::router items({.prefix = "/items", .tag = "items"});
///     items.get("/{item_id}", read_item);
///     app.include_router(std::move(items));
///
/// A handler is a function, a lambda or a function object, plain or a coroutine. Its parameters say
/// where they come from (params.hpp), and what it returns is the answer. A `{name}` of the route is
/// taken by a parameter, which the compiler checks; `{p:path}` takes the rest of the path, and
/// `{n:int}`, `{x:float}`, `{u:uuid}` match only such segments. Segments that are plain text win
/// over `{names}`, whatever the order.
///
/// Handlers and what they capture live in the app, and are called in its loop. Throws
/// std::logic_error for a route that stands there already, and for rules that contradict
/// themselves. Move-only. Threads: one at a time, before the app serves.
class router {
public:
    explicit router(std::string_view prefix = "");
    explicit router(const router_options& options);
    router(router&& other) noexcept;
    router& operator=(router&& other) noexcept;
    ~router();

    // ---- path operations
    template <class H>
    operation get(std::type_identity_t<detail::route<H>> path, H handler,
                  const operation_options& o = {}) {
        return add("GET", path.text, std::move(handler), o);
    }
    template <class H>
    operation post(std::type_identity_t<detail::route<H>> path, H handler,
                   const operation_options& o = {}) {
        return add("POST", path.text, std::move(handler), o);
    }
    template <class H>
    operation put(std::type_identity_t<detail::route<H>> path, H handler,
                  const operation_options& o = {}) {
        return add("PUT", path.text, std::move(handler), o);
    }
    template <class H>
    operation patch(std::type_identity_t<detail::route<H>> path, H handler,
                    const operation_options& o = {}) {
        return add("PATCH", path.text, std::move(handler), o);
    }
    /// DELETE, which C++ has taken.
    template <class H>
    operation del(std::type_identity_t<detail::route<H>> path, H handler,
                  const operation_options& o = {}) {
        return add("DELETE", path.text, std::move(handler), o);
    }
    template <class H>
    operation options(std::type_identity_t<detail::route<H>> path, H handler,
                      const operation_options& o = {}) {
        return add("OPTIONS", path.text, std::move(handler), o);
    }
    template <class H>
    operation head(std::type_identity_t<detail::route<H>> path, H handler,
                   const operation_options& o = {}) {
        return add("HEAD", path.text, std::move(handler), o);
    }
    template <class H>
    operation trace(std::type_identity_t<detail::route<H>> path, H handler,
                    const operation_options& o = {}) {
        return add("TRACE", path.text, std::move(handler), o);
    }

    // ---- what all operations of it share; before they are added
    /// A dependency that runs before the operations' own.
    template <auto Function>
    router& depends() {
        add_dependency(detail::dependency_of<Function>);
        return *this;
    }

    /// Takes the operations in; their routes begin with `prefix` then.
    void include_router(router&& other, std::string_view prefix = "");

protected:
    template <class H>
    operation add(std::string_view method, std::string_view path, H handler,
                  const operation_options& o) {
        return add(method, path, o, detail::handler_of<H>, new H(std::move(handler)));
    }
    operation add(std::string_view method, std::string_view path, const operation_options& o,
                  const detail::handler_spec& spec, void* handler);
    void add_dependency(const detail::dependency_spec& spec);

    explicit router(box<detail::router_core> core) noexcept;
    detail::router_core& core() const noexcept { return *core_; }

private:
    box<detail::router_core> core_;
};

}  // namespace rondo::http
