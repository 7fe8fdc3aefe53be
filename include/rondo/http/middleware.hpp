// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/http/cookie.hpp>
#include <rondo/http/request.hpp>
#include <rondo/http/response.hpp>
#include <rondo/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

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

// ---- middlewares that come with rondo

struct cors_options {
    /// "https://example.com", or "*" for every origin.
    std::vector<std::string> allow_origins = {};
    std::vector<std::string> allow_methods = {"GET"};  // "*": every method
    std::vector<std::string> allow_headers = {};       // "*": every header
    bool allow_credentials = false;
    std::vector<std::string> expose_headers = {};
    std::chrono::seconds max_age = std::chrono::minutes(10);
};

/// Lets pages of other origins call the app, as the Fetch standard's CORS protocol has it:
/// Starlette's CORSMiddleware. Answers preflight requests itself.
///
///     app.middleware(http::cors({.allow_origins = {"https://example.com"}}));
class cors {
public:
    explicit cors(cors_options options);
    coro<response> operator()(request& r, next call_next);

private:
    bool allows_origin(std::string_view origin) const;
    response preflight(const request& r, std::string_view origin) const;
    void add_origin(headers& to, std::string_view origin, bool has_cookie) const;

    cors_options options_;
    bool any_origin_;
    std::string methods_, headers_, exposed_;
};

struct compress_options {
    std::size_t minimum_size = 500;  // bytes; less is not worth it
    int level = 6;                   // 1 (fast) to 9 (small)
};

/// Compresses answers with gzip for clients that accept it: text, JSON, JavaScript, XML and SVG;
/// not streams. Starlette's GZipMiddleware.
class compress {
public:
    explicit compress(compress_options options = {});
    coro<response> operator()(request& r, next call_next);

private:
    compress_options options_;
};

/// Refuses requests whose Host is not one of these with 400; "*.example.com" is any subdomain.
class trusted_host {
public:
    explicit trusted_host(std::vector<std::string> allowed);
    coro<response> operator()(request& r, next call_next);

private:
    std::vector<std::string> allowed_;
};

/// Sends clients that came by http to the same URL by https.
class https_redirect {
public:
    coro<response> operator()(request& r, next call_next);
};

struct session_options {
    std::string_view cookie = "session";
    std::chrono::seconds max_age = std::chrono::days(14);
    same_site samesite = same_site::lax;
    bool secure = false;  // only over https
};

/// Keeps `request.session()`, a JSON object, in a cookie that the client can read but not change:
/// Starlette's SessionMiddleware. The cookie is signed with HMAC-SHA-256; one that is forged,
/// broken or too old is an empty session.
///
///     app.middleware(http::sessions(secret));
///     app.post("/login", [](http::request& r) { r.session()["user"] = "alice"; });
///
/// Throws invalid_argument for a secret of less than 16 bytes.
class sessions {
public:
    explicit sessions(std::string secret, const session_options& options = {});
    coro<response> operator()(request& r, next call_next);

private:
    std::string sign(std::string_view text) const;
    std::string write(const json::object& session) const;
    json::object read(std::string_view cookie) const;

    std::string secret_;
    std::string cookie_;
    session_options options_;
};

}  // namespace rondo::http
