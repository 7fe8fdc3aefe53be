// SPDX-License-Identifier: MIT
#include "http/characters.hpp"
#include <rondo/http/middleware.hpp>

#include <algorithm>
#include <utility>

namespace rondo::http {
namespace {

constexpr std::string_view every_method = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
/// What a page may always send; Fetch, "CORS-safelisted request-header".
constexpr std::string_view safe_headers[] = {"accept", "accept-language", "content-language",
                                             "content-type"};

bool contains(const std::vector<std::string>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

std::string joined(const std::vector<std::string>& all) {
    std::string text;
    for (const std::string& one : all) {
        text.append(text.empty() ? "" : ", ").append(one);
    }
    return text;
}

}  // namespace

cors::cors(cors_options options)
    : options_(std::move(options)),
      any_origin_(contains(options_.allow_origins, "*")),
      methods_(contains(options_.allow_methods, "*") ? std::string(every_method)
                                                     : joined(options_.allow_methods)),
      headers_(joined(options_.allow_headers)),
      exposed_(joined(options_.expose_headers)) {}

bool cors::allows_origin(std::string_view origin) const {
    return any_origin_ || contains(options_.allow_origins, origin);
}

/// With credentials "*" means nothing to a browser: the origin itself is named then.
void cors::add_origin(headers& to, std::string_view origin, bool has_cookie) const {
    if (any_origin_ && !has_cookie && !options_.allow_credentials) {
        to.set("access-control-allow-origin", "*");
    } else {
        to.set("access-control-allow-origin", origin);
        to.add("vary", "Origin");
    }
    if (options_.allow_credentials) {
        to.set("access-control-allow-credentials", "true");
    }
}

response cors::preflight(const request& r, std::string_view origin) const {
    const std::string method = r.headers()["access-control-request-method"];
    const std::string wanted = r.headers()["access-control-request-headers"];
    std::string refused;
    if (!allows_origin(origin)) {
        refused = "origin";
    }
    const bool any_method = contains(options_.allow_methods, "*");
    if (!any_method && !contains(options_.allow_methods, method)) {
        refused += refused.empty() ? "method" : ", method";
    }
    const bool any_header = contains(options_.allow_headers, "*");
    for (std::string_view rest = wanted; !any_header && !rest.empty();) {
        const std::string_view name = detail::trim(detail::take_until(rest, ','));
        const auto is_named = [&](std::string_view one) { return detail::is_same_name(one, name); };
        if (!std::any_of(std::begin(safe_headers), std::end(safe_headers), is_named) &&
            !std::any_of(options_.allow_headers.begin(), options_.allow_headers.end(), is_named)) {
            refused += refused.empty() ? "headers" : ", headers";
            break;
        }
    }
    response answer = refused.empty() ? text("OK") : text("Disallowed CORS " + refused, 400);
    if (allows_origin(origin)) {
        add_origin(answer.headers, origin, false);
    }
    answer.headers.set("access-control-allow-methods", methods_);
    answer.headers.set("access-control-max-age", std::to_string(options_.max_age.count()));
    if (any_header && !wanted.empty()) {
        answer.headers.set("access-control-allow-headers", wanted);
    } else if (!headers_.empty()) {
        answer.headers.set("access-control-allow-headers", headers_);
    }
    return answer;
}

coro<response> cors::operator()(request& r, next call_next) {
    const auto origin = r.headers().get("origin");
    if (!origin) {
        co_return co_await call_next(r);
    }
    if (r.method() == "OPTIONS" && r.headers().contains("access-control-request-method")) {
        co_return preflight(r, *origin);
    }
    response answer = co_await call_next(r);
    if (allows_origin(*origin)) {
        add_origin(answer.headers, *origin, r.headers().contains("cookie"));
        if (!exposed_.empty()) {
            answer.headers.set("access-control-expose-headers", exposed_);
        }
    }
    co_return answer;
}

}  // namespace rondo::http
