// SPDX-License-Identifier: MIT
#include "http/cookies.hpp"

#include "http/characters.hpp"
#include "http/date.hpp"

#include <stdexcept>
#include <string>

namespace rondo::http::detail {
namespace {

bool is_octal(std::string_view digits) noexcept {
    return digits.size() == 3 && digits[0] >= '0' && digits[0] <= '3' && digits[1] >= '0' &&
           digits[1] <= '7' && digits[2] >= '0' && digits[2] <= '7';
}

/// Writes what a cookie's value may not hold as Python's http.cookies does: "\"" and "\054".
std::string quoted(std::string_view value) {
    std::string text = "\"";
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            text += '\\';
            text += c;
        } else if (is_a(c, cookie_char) || c == ' ') {
            text += c;
        } else {
            text += '\\';
            text += static_cast<char>('0' + (byte >> 6));
            text += static_cast<char>('0' + (byte >> 3 & 7));
            text += static_cast<char>('0' + (byte & 7));
        }
    }
    return text + '"';
}

std::string unquoted(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
        return std::string(text);
    }
    text = text.substr(1, text.size() - 2);
    std::string value;
    while (!text.empty()) {
        if (text[0] == '\\' && is_octal(text.substr(1, 3))) {
            value +=
                static_cast<char>((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
            text.remove_prefix(4);
            continue;
        }
        if (text[0] == '\\' && text.size() > 1) {
            text.remove_prefix(1);
        }
        value += text[0];
        text.remove_prefix(1);
    }
    return value;
}

/// Paths and domains end at a ";", and nothing quotes them.
void append_attribute(std::string_view name, std::string_view value, std::string& to) {
    if (!are_all(value, value_char) || value.find(';') != value.npos) {
        throw std::invalid_argument("http: no " + std::string(name) +
                                    " of a cookie: " + std::string(value));
    }
    to += "; ";
    to += name;
    to += '=';
    to += value;
}

std::string_view text_of(same_site policy) noexcept {
    switch (policy) {
        case same_site::lax:
            return "; SameSite=lax";
        case same_site::strict:
            return "; SameSite=strict";
        case same_site::none:
            return "; SameSite=none";
        case same_site::unset:
            return "";
    }
    return "";
}

}  // namespace

void parse_cookies(std::string_view header, multi_dict& to) {
    while (!header.empty()) {
        const std::string_view pair = take_until(header, ';');
        const std::size_t at = pair.find('=');
        const std::string_view name = trim(pair.substr(0, at));
        if (at != pair.npos && !name.empty()) {
            to.add(std::string(name), unquoted(trim(pair.substr(at + 1))));
        }
    }
}

std::string cookie_text(std::string_view name, std::string_view value,
                        const cookie_options& options) {
    if (!is_token(name)) {
        throw std::invalid_argument("http: no name of a cookie: " + std::string(name));
    }
    std::string text(name);
    text += '=';
    text += are_all(value, cookie_char) ? std::string(value) : quoted(value);
    if (options.max_age) {
        text += "; Max-Age=" + std::to_string(options.max_age->count());
    }
    if (options.expires) {
        text += "; Expires=";
        append_date(*options.expires, text);
    }
    if (!options.path.empty()) {
        append_attribute("Path", options.path, text);
    }
    if (!options.domain.empty()) {
        append_attribute("Domain", options.domain, text);
    }
    text += options.secure ? "; Secure" : "";
    text += options.httponly ? "; HttpOnly" : "";
    text += text_of(options.samesite);
    text += options.partitioned ? "; Partitioned" : "";
    return text;
}

}  // namespace rondo::http::detail
