// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/http/headers.hpp>
#include <rondo/http/multi_dict.hpp>
#include <rondo/io/address.hpp>
#include <rondo/json/json.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace rondo::http {

class request;

namespace detail {
class request_state;

/// Another address for each type.
template <class T>
inline char request_state_key = 0;
struct state_type {
    void* (*make)();
    void (*destroy)(void*);
};

/// One that came from nowhere, for tests: target is the path with its query. Throws
/// invalid_argument for a target or a header that no client could send.
request make_request(std::string_view method, std::string_view target, http::headers headers,
                     std::string body, const address& client);
}  // namespace detail

/// The pieces of a request's body, as they come. See request::stream.
class body_reader {
public:
    explicit body_reader(detail::request_state& state) noexcept : state_(&state) {}

    /// Returns: the next piece, which is good until the next call; nullopt at the end. Throws:
    /// http::error (400, 408, 413) for a body that is refused; client_disconnect. Cancellation:
    /// nothing is lost. Fairness: yields only to wait. Threads: the loop's.
    [[nodiscard]] coro<std::optional<std::string_view>> next();

private:
    detail::request_state* state_;
};

/// A request, as a handler or a middleware gets it by reference. Starlette's Request.
///
///     app.post("/upload", [](http::request& r) -> coro<int> {
///         auto pieces = r.stream();
///         while (auto piece = co_await pieces.next()) { … }
///     });
///
/// It lives until its answer was sent, and so do the views that it gives. Moved, not copied.
/// Threads: the loop's.
class request {
public:
    explicit request(box<detail::request_state> state) noexcept;
    request(request&& other) noexcept;
    request& operator=(request&& other) noexcept;
    ~request();

    // ---- observers
    /// "GET"; methods have their case.
    std::string_view method() const noexcept;
    /// "http://example.com/items/7?q=a": by the scheme, the Host header and the target.
    std::string url() const;
    /// The path with its query, as it was sent; "*" for OPTIONS *.
    std::string_view target() const noexcept;
    /// The path, percent-decoded: "/a b" for "/a%20b".
    std::string_view path() const;
    /// The path as it was sent.
    std::string_view raw_path() const noexcept;
    /// What follows the "?", as it was sent.
    std::string_view query_string() const noexcept;
    /// The query's parameters, decoded. Throws http::error (400) when there are more than 1,000.
    const multi_dict& query_params() const;
    /// What the route's parameters stand for, decoded.
    const multi_dict& path_params() const;
    const http::headers& headers() const noexcept;
    /// The cookies that the client sent.
    const multi_dict& cookies() const;
    /// Where the client is; none for a Unix socket.
    const address& client() const noexcept;
    /// "1.0" or "1.1".
    std::string_view http_version() const noexcept;
    /// "http" or "https".
    std::string_view scheme() const noexcept;

    // ---- what goes along with it
    /// An object of that type for this request, made when it is first asked for: what a middleware
    /// leaves for the handlers behind it. Starlette's request.state.
    template <std::default_initializable T>
    T& state() {
        const detail::state_type type = {[] { return static_cast<void*>(new T()); },
                                         [](void* object) { delete static_cast<T*>(object); }};
        return *static_cast<T*>(state(&detail::request_state_key<T>, type));
    }
    /// The session that the middleware `http::sessions` keeps. Throws logic_error without it.
    rondo::json::object& session();

    // ---- awaitables
    /// Returns: the whole body, kept for later calls. Throws: http::error: 413 when it is longer
    /// than the server allows, 408 when it comes too slowly, 400 when it is malformed;
    /// client_disconnect when the client has gone. Cancellation: what came is kept, the next call
    /// goes on. Fairness: yields only to wait. Threads: the loop's.
    [[nodiscard]] coro<std::string_view> body();
    /// The body read as JSON. Throws: as body() and json::loads. Else as body().
    template <class T = json::value>
    [[nodiscard]] coro<T> json() {
        const std::string_view text = co_await body();
        co_return json::loads<T>(text);
    }
    /// The body in pieces, for one that is too long to be kept. What was read is gone: body() gives
    /// what is left.
    body_reader stream() noexcept { return body_reader(*state_); }
    /// Returns: whether the client has closed the connection. Throws: nothing of its own.
    /// Cancellation: changes nothing. Fairness: yields once, and does not wait. Threads: the
    /// loop's.
    [[nodiscard]] coro<bool> is_disconnected();

    /// For rondo's own parts.
    detail::request_state& state_of() const noexcept { return *state_; }

private:
    void* state(const void* key, const detail::state_type& type);

    box<detail::request_state> state_;
};

}  // namespace rondo::http
