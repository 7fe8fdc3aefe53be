// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/detail/argument.hpp>
#include <rondo/http/detail/exchange.hpp>
#include <rondo/json/literal.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace rondo::http {

// Credentials as parameters, as in fastapi.security. They also stand in the OpenAPI document, where
// /docs makes its "Authorize" button of them. Where they are missing or malformed the answer is 401
// with WWW-Authenticate; `std::optional<…>` of one does not refuse.

/// The token of `Authorization: Bearer …`, got from the path operation `token_url` of an OAuth 2
/// password flow. It is a std::string.
template <json::fixed_text TokenUrl>
struct oauth2_password_bearer : std::string {
    static constexpr auto token_url = TokenUrl;
};

/// The token of `Authorization: Bearer …`.
struct http_bearer : std::string {};

/// `Authorization: Basic …` (RFC 7617).
struct http_basic {
    std::string username;
    std::string password;
};

/// A key in a header field, a parameter of the query, or a cookie. It is a std::string.
template <json::fixed_text Name>
struct api_key_header : std::string {};
template <json::fixed_text Name>
struct api_key_query : std::string {};
template <json::fixed_text Name>
struct api_key_cookie : std::string {};

/// Whether two secrets are equal, in a time that does not tell where they differ.
bool compare_digest(std::string_view a, std::string_view b) noexcept;

namespace detail {

/// The token of the request, or nullopt.
std::optional<std::string> bearer_token(exchange& ex);
std::optional<http_basic> basic_credentials(exchange& ex);
std::optional<std::string> key_in_header(exchange& ex, std::string_view name);
std::optional<std::string> key_in_query(exchange& ex, std::string_view name);
std::optional<std::string> key_in_cookie(exchange& ex, std::string_view name);

/// A definition in the document: a name and JSON, put together when the program is compiled.
template <std::size_t N>
struct joined {
    char text[N + 1] = {};
    std::size_t size = 0;

    constexpr void add(std::string_view more) {
        for (const char c : more) {
            text[size++] = c;
        }
    }
    constexpr std::string_view view() const { return {text, size}; }
};

template <class T>
struct credentials;

struct bearer {
    static constexpr std::string_view challenge = "Bearer";
    static bool read(exchange& ex, std::string& to) {
        auto token = bearer_token(ex);
        to = token ? std::move(*token) : std::string();
        return token.has_value();
    }
};
template <json::fixed_text TokenUrl>
struct credentials<oauth2_password_bearer<TokenUrl>> : bearer {
    static constexpr auto definition = [] {
        joined<256> made;
        made.add(R"({"type":"oauth2","flows":{"password":{"scopes":{},"tokenUrl":")");
        made.add(TokenUrl.view());
        made.add(R"("}}})");
        return made;
    }();
    static constexpr security_spec spec = {"OAuth2PasswordBearer", definition.view()};
};
template <>
struct credentials<http_bearer> : bearer {
    static constexpr security_spec spec = {"HTTPBearer", R"({"type":"http","scheme":"bearer"})"};
};
template <>
struct credentials<http_basic> {
    static constexpr security_spec spec = {"HTTPBasic", R"({"type":"http","scheme":"basic"})"};
    static constexpr std::string_view challenge = "Basic";
    static bool read(exchange& ex, http_basic& to) {
        auto found = basic_credentials(ex);
        to = found ? std::move(*found) : http_basic();
        return found.has_value();
    }
};

template <json::fixed_text Name>
constexpr auto api_key_definition(std::string_view in) {
    joined<256> made;
    made.add(R"({"type":"apiKey","in":")");
    made.add(in);
    made.add(R"(","name":")");
    made.add(Name.view());
    made.add(R"("})");
    return made;
}
template <json::fixed_text Name, std::optional<std::string> (*Find)(exchange&, std::string_view)>
struct api_key {
    static constexpr std::string_view challenge = "APIKey";
    static bool read(exchange& ex, std::string& to) {
        auto key = Find(ex, Name.view());
        to = key ? std::move(*key) : std::string();
        return key.has_value();
    }
};
template <json::fixed_text Name>
struct credentials<api_key_header<Name>> : api_key<Name, &key_in_header> {
    static constexpr auto definition = api_key_definition<Name>("header");
    static constexpr security_spec spec = {"APIKeyHeader", definition.view()};
};
template <json::fixed_text Name>
struct credentials<api_key_query<Name>> : api_key<Name, &key_in_query> {
    static constexpr auto definition = api_key_definition<Name>("query");
    static constexpr security_spec spec = {"APIKeyQuery", definition.view()};
};
template <json::fixed_text Name>
struct credentials<api_key_cookie<Name>> : api_key<Name, &key_in_cookie> {
    static constexpr auto definition = api_key_definition<Name>("cookie");
    static constexpr security_spec spec = {"APIKeyCookie", definition.view()};
};

template <class T>
concept credential = requires { credentials<T>::spec; };

template <credential T>
struct argument<T> {
    using slot = T;

    static constexpr parameter_spec spec() {
        parameter_spec made{parameter_kind::security};
        made.security = &credentials<T>::spec;
        made.provide = [](exchange& ex, void* s) {
            if (!credentials<T>::read(ex, *static_cast<slot*>(s))) {
                ex.refuse(credentials<T>::challenge);
            }
        };
        return made;
    }
    static slot&& pass(slot& s, exchange&) noexcept { return std::move(s); }
};

template <credential T>
struct argument<std::optional<T>> {
    using slot = std::optional<T>;

    static constexpr parameter_spec spec() {
        parameter_spec made{parameter_kind::security};
        made.security = &credentials<T>::spec;
        made.provide = [](exchange& ex, void* s) {
            T found;
            if (credentials<T>::read(ex, found)) {
                *static_cast<slot*>(s) = std::move(found);
            }
        };
        return made;
    }
    static slot&& pass(slot& s, exchange&) noexcept { return std::move(s); }
};

}  // namespace detail
}  // namespace rondo::http
