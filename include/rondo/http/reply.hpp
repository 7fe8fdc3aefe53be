// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/cookie.hpp>
#include <rondo/http/headers.hpp>

#include <string_view>
#include <utility>

namespace rondo::http {

/// A value with a status, headers and cookies of its own; the documentation shows the value's type.
///
///     return http::reply(made, 201).header("location", "/items/7");
///
/// Threads: as its value.
template <class T>
class reply {
public:
    using value_type = T;

    explicit reply(T v, int status = 200) : value(std::move(v)), status_code(status) {}

    /// Throws invalid_argument as headers::add.
    reply& header(std::string_view name, std::string_view text) & {
        headers.add(name, text);
        return *this;
    }
    reply&& header(std::string_view name, std::string_view text) && {
        return std::move(header(name, text));
    }
    /// Throws invalid_argument as response::set_cookie.
    reply& cookie(std::string_view name, std::string_view text,
                  const cookie_options& options = {}) & {
        headers.add("set-cookie", detail::cookie_text(name, text, options));
        return *this;
    }
    reply&& cookie(std::string_view name, std::string_view text,
                   const cookie_options& options = {}) && {
        return std::move(cookie(name, text, options));
    }

    T value;
    int status_code;
    http::headers headers;
};

}  // namespace rondo::http
