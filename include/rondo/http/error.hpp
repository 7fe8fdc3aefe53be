// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/headers.hpp>
#include <rondo/json/json.hpp>

#include <concepts>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace rondo::http {

/// Thrown by a handler to answer with an error: FastAPI's HTTPException.
///
///     throw http::error(404, "Item not found");               // {"detail": "Item not found"}
///     throw http::error(401, "Who?", {{"WWW-Authenticate", "Bearer"}});
///     throw http::error(409, conflict{…});                    // any type that JSON can hold
///
/// Throws invalid_argument when the status is none (100 to 599), and json::encode_error.
class error : public std::runtime_error {
public:
    using fields = std::initializer_list<http::headers::field>;

    /// The detail is the phrase of the status: "Not Found".
    explicit error(int status_code);
    error(int status_code, std::string_view detail, fields headers = {});
    template <class T>
        requires(!std::convertible_to<const T&, std::string_view>)
    error(int status_code, const T& detail, fields headers = {})
        : error(as_json(), status_code, json::dumps(detail), headers) {}

    // ---- observers
    int status_code() const noexcept { return status_code_; }
    /// The detail as JSON: a string stands in quotes.
    const std::string& detail() const noexcept { return detail_; }
    const http::headers& headers() const noexcept { return headers_; }

private:
    struct as_json {};
    error(as_json, int status_code, std::string detail, fields headers);

    int status_code_;
    std::string detail_;
    http::headers headers_;
};

/// The client has closed the connection before its request, or the answer, was whole. Thrown by
/// what reads the body; nobody is left to get an answer.
class client_disconnect : public std::system_error {
public:
    client_disconnect();
};

}  // namespace rondo::http
