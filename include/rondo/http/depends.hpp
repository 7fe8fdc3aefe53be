// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/detail/argument.hpp>
#include <rondo/http/detail/dependency.hpp>
#include <rondo/http/detail/parameter_spec.hpp>

namespace rondo::http {

using detail::scope;

/// A parameter of a handler that is the result of another function: FastAPI's Depends.
///
///     rondo::coro<user> get_current_user(http::oauth2_password_bearer<"token"> token);
///     app.get("/me", [](http::depends<get_current_user> u) { return *u; });
///
/// The function takes parameters as handlers do, other dependencies included. It runs once for each
/// request, however many ask for it. What it returns lives until the answer was sent. A
/// `context_manager<T>` is entered, and left after the answer was sent, or with scope::function
/// before; the last one first. Its `co_yield` gives the handler's error.
template <auto Function, scope Until = scope::request>
class depends {
public:
    using function_type = decltype(Function);
    using value_type = detail::awaited_result_of<function_type>;
    static_assert(!std::is_void_v<value_type>,
                  "a dependency without a result is named where routes are added: "
                  "app.get(…).depends<f>()");

    value_type& operator*() const noexcept { return *value_; }
    value_type* operator->() const noexcept { return value_; }
    operator value_type&() const noexcept { return *value_; }

    /// For rondo's own parts.
    void set(void* value) noexcept { value_ = static_cast<value_type*>(value); }

private:
    value_type* value_ = nullptr;
};

namespace detail {

template <auto Function, scope Until>
struct argument<depends<Function, Until>> {
    using slot = depends<Function, Until>;

    static constexpr parameter_spec spec() {
        parameter_spec made{parameter_kind::dependency};
        made.dependency = &dependency_of<Function, Until>;
        made.set_value = [](void* s, void* value) { static_cast<slot*>(s)->set(value); };
        return made;
    }
    static slot pass(const slot& s, exchange&) noexcept { return s; }
};

}  // namespace detail
}  // namespace rondo::http
