// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace rondo::http {

/// When a browser sends a cookie along with requests that other sites cause.
enum class same_site : std::uint8_t {
    lax,     // only when its user goes to this site
    strict,  // never
    none,    // always; browsers ask for `secure` then
    unset,   // as the browser likes
};

/// What a cookie is set with. See response::set_cookie.
struct cookie_options {
    /// How long it lives. Without this and `expires` it ends with the browser's session.
    std::optional<std::chrono::seconds> max_age = std::nullopt;
    std::optional<std::chrono::sys_seconds> expires = std::nullopt;
    /// The cookie is sent with requests below this path.
    std::string_view path = "/";
    /// Empty: sent to this host alone. Otherwise to those below that domain, too.
    std::string_view domain = {};
    /// Sent over TLS only.
    bool secure = false;
    /// Hidden from the page's scripts.
    bool httponly = false;
    same_site samesite = same_site::lax;
    /// Kept apart by the site that the page is embedded in (CHIPS).
    bool partitioned = false;
};
static_assert(std::is_trivially_destructible_v<cookie_options>);

namespace detail {
/// The value of a Set-Cookie header. Throws invalid_argument for a name that is no token, and for
/// what a path or domain may not hold. A value with characters that cookies do not have is quoted,
/// as Python's http.cookies does.
std::string cookie_text(std::string_view name, std::string_view value,
                        const cookie_options& options);
}  // namespace detail

}  // namespace rondo::http
