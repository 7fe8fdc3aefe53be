// SPDX-License-Identifier: MIT
#include "http/characters.hpp"
#include "json/base64.hpp"
#include <rondo/http/request.hpp>
#include <rondo/http/security.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

#include <openssl/crypto.h>

namespace rondo::http {

bool compare_digest(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

namespace detail {
namespace {

/// What follows the scheme in Authorization, whose case does not matter; RFC 9110 §11.4.
std::optional<std::string_view> credentials_of(exchange& ex, std::string_view scheme) {
    const auto header = ex.request().headers().get("authorization");
    std::string_view rest = header.value_or("");
    if (!is_same_name(take_until(rest, ' '), scheme)) {
        return std::nullopt;
    }
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return rest.empty() ? std::nullopt : std::optional(rest);
}

std::optional<std::string> owned(std::optional<std::string_view> text) {
    return text ? std::optional<std::string>(*text) : std::nullopt;
}

}  // namespace

std::optional<std::string> bearer_token(exchange& ex) {
    return owned(credentials_of(ex, "bearer"));
}

std::optional<http_basic> basic_credentials(exchange& ex) {
    const auto encoded = credentials_of(ex, "basic");
    std::vector<std::byte> bytes;
    if (!encoded || !rondo::detail::parse_base64(*encoded, bytes)) {
        return std::nullopt;
    }
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) {
        return std::nullopt;
    }
    http_basic found{text.substr(0, colon), text.substr(colon + 1)};
    return found;
}

std::optional<std::string> key_in_header(exchange& ex, std::string_view name) {
    return owned(ex.request().headers().get(name));
}
std::optional<std::string> key_in_query(exchange& ex, std::string_view name) {
    return owned(ex.request().query_params().get(name));
}
std::optional<std::string> key_in_cookie(exchange& ex, std::string_view name) {
    return owned(ex.request().cookies().get(name));
}

}  // namespace detail
}  // namespace rondo::http
