// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/http/cookie.hpp>
#include <rondo/http/detail/body_stream.hpp>
#include <rondo/http/headers.hpp>
#include <rondo/json/json.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace rondo::http {

namespace detail {
struct response_parts;
}

/// An answer: what a handler returns that decides for itself, what a middleware gets and may
/// change, and what the test client gives.
///
///     http::response r("created", 201);
///     r.headers.set("location", "/items/7");
///     r.set_cookie("session", id, {.max_age = 1h});
///
/// Content-Length and Date are the server's; Content-Type is a header like any other. Move-only.
/// Threads: the loop's.
class response {
public:
    /// 200 without a body.
    response() = default;
    explicit response(std::string text, int status = 200,
                      std::string_view media_type = "text/plain; charset=utf-8");

    int status_code = 200;
    http::headers headers;
    std::string body;

    // ---- operations
    /// Throws invalid_argument for a name that is no token, or for what an option may not hold.
    void set_cookie(std::string_view name, std::string_view value,
                    const cookie_options& options = {});
    /// Lets the browser forget the cookie: path and domain must be those that it was set with.
    void delete_cookie(std::string_view name, const cookie_options& options = {});

    // ---- observers
    /// Reads the body as JSON. Throws as json::loads.
    template <class T = json::value>
    T json() const {
        return json::loads<T>(body);
    }
    const std::string& text() const noexcept { return body; }
    /// Whether its body is made while it is sent; `body` is empty then.
    bool is_stream() const noexcept { return static_cast<bool>(stream_); }

private:
    friend detail::response_parts;

    box<detail::body_stream> stream_;
    box<detail::after_response> after_;
};

/// A page.
response html(std::string body, int status = 200);
response text(std::string body, int status = 200);
/// Sends the client to another URL. Throws invalid_argument for one with controls; what a URL may
/// not hold is percent-encoded. 303 makes a GET of any request, 307 and 308 keep the method.
response redirect(std::string_view url, int status = 307);
/// Throws as json::dumps.
template <class T>
response json_response(const T& value, int status = 200) {
    return response(json::dumps(value), status, "application/json");
}

namespace detail {

/// The members of a response that only rondo's own parts use.
struct response_parts {
    static box<body_stream>& stream(response& r) noexcept { return r.stream_; }
    static box<after_response>& after(response& r) noexcept { return r.after_; }
    /// As one that was just made, but with the memory that it has.
    static void clear(response& r) noexcept;
};

/// 200 with a body that is made while it is sent.
response stream_response(box<body_stream> stream, std::string_view media_type, int status = 200);

}  // namespace detail
}  // namespace rondo::http
