// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/http/request.hpp>
#include <rondo/http/response.hpp>

namespace rondo::http::detail {

/// What answers the requests of a server.
class application {
public:
    application() = default;
    application(const application&) = delete;
    application& operator=(const application&) = delete;
    virtual ~application() = default;

    /// Fills in the response, which is an empty 200. Throws nothing but cancelled_error: the
    /// connection is closed then. Errors of reading the body (see request::body) become an answer
    /// like any other; the connection is closed after it by itself.
    [[nodiscard]] virtual coro<void> handle(request& asked, response& answer) = 0;

    /// Awaited before the server listens; what it throws keeps it from listening.
    [[nodiscard]] virtual coro<void> startup();
    /// Awaited after the last request, shielded from cancellation.
    [[nodiscard]] virtual coro<void> shutdown();
};

}  // namespace rondo::http::detail
