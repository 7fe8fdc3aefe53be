// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/detail/argument.hpp>
#include <rondo/http/detail/exchange.hpp>

namespace rondo::http {

/// A parameter of a handler that is an object of the app's: FastAPI's `request.app.state.db`.
///
///     database db("burgers.sqlite");
///     app.state(db);
///     app.get("/burgers", [](http::state<database> db) { return db->all(); });
///
/// Where the app has none of that type, it says so when it begins to serve.
template <class T>
class state {
public:
    T& operator*() const noexcept { return *value_; }
    T* operator->() const noexcept { return value_; }
    operator T&() const noexcept { return *value_; }

    /// For rondo's own parts.
    void set(void* value) noexcept { value_ = static_cast<T*>(value); }

private:
    T* value_ = nullptr;
};

namespace detail {

/// Another address for each type.
template <class T>
inline char state_key = 0;

template <class T>
struct argument<state<T>> {
    using slot = state<T>;

    static constexpr parameter_spec spec() {
        parameter_spec made{parameter_kind::state};
        made.key = &state_key<T>;
        made.spelled = rondo::detail::spelled_type<T>();
        made.set_value = [](void* s, void* value) { static_cast<slot*>(s)->set(value); };
        return made;
    }
    static slot pass(const slot& s, exchange&) noexcept { return s; }
};

}  // namespace detail
}  // namespace rondo::http
