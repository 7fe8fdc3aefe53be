// SPDX-License-Identifier: MIT
#include "http/characters.hpp"
#include <rondo/http/middleware.hpp>

#include <algorithm>
#include <utility>

namespace rondo::http {
namespace {

/// The host of a Host header, without its port and in lower case.
std::string host_of(const request& r) {
    std::string host = r.headers()["host"];
    const std::size_t bracket = host.rfind(']');  // of an IPv6 address
    const std::size_t colon = host.find(':', bracket == std::string::npos ? 0 : bracket);
    host.resize(std::min(colon, host.size()));
    std::transform(host.begin(), host.end(), host.begin(), detail::to_lower);
    return host;
}

bool fits(std::string_view host, std::string_view allowed) {
    return allowed == "*" || host == allowed ||
           (allowed.starts_with("*.") && host.ends_with(allowed.substr(1)));
}

}  // namespace

trusted_host::trusted_host(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

coro<response> trusted_host::operator()(request& r, next call_next) {
    const std::string host = host_of(r);
    const bool trusted = std::any_of(allowed_.begin(), allowed_.end(),
                                     [&](const std::string& one) { return fits(host, one); });
    if (!trusted) {
        co_return text("Invalid host header", 400);
    }
    co_return co_await call_next(r);
}

coro<response> https_redirect::operator()(request& r, next call_next) {
    if (r.scheme() != "http") {
        co_return co_await call_next(r);
    }
    const std::string url = r.url();
    co_return redirect("https" + url.substr(url.find(':')), 307);
}

}  // namespace rondo::http
