// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/http/request.hpp>
#include <rondo/http/response.hpp>

#include <cstddef>

namespace rondo::http {

namespace detail {
class app_core;
}

/// The rest of the way, as a middleware gets it: the next middleware, or the handler.
///
///     app.middleware([](http::request& r, http::next call_next) -> rondo::coro<http::response> {
///         auto response = co_await call_next(r);
///         response.headers.set("x-process", "1");
///         co_return response;
///     });
class next {
public:
    next(detail::app_core& app, std::size_t index) noexcept : app_(&app), index_(index) {}

    /// Returns: the answer, also where the handler has thrown. Throws: nothing of the handler's but
    /// cancelled_error. Cancellation: passed on to the handler. Fairness, Threads: the handler's.
    [[nodiscard]] coro<response> operator()(request& r) const;

private:
    detail::app_core* app_;
    std::size_t index_;
};

}  // namespace rondo::http
