// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rondo::http::detail {

/// What a byte may be a part of. RFC 9110 §5.6, RFC 3986 §2, RFC 6265 §4.1.
enum char_class : std::uint8_t {
    token_char = 1,   // names of fields, methods, cookies
    value_char = 2,   // values of fields: all but controls, with tab and what is not ASCII
    target_char = 4,  // what a request's target may hold: visible ASCII without "#"
    cookie_char = 8,  // values of cookies without quotes
    url_char = 16,    // what needs no percent-encoding in a URL
    host_char = 32,   // names of hosts
};

namespace characters {
constexpr bool is_in(char c, std::string_view set) { return set.find(c) != set.npos; }

constexpr std::uint8_t classes_of(int code) {
    const char c = static_cast<char>(code);
    const bool alphanumeric =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool visible = code > 0x20 && code < 0x7f;
    int classes = 0;
    classes |= alphanumeric || is_in(c, "!#$%&'*+-.^_`|~") ? token_char : 0;
    classes |= visible || c == ' ' || c == '\t' || code >= 0x80 ? value_char : 0;
    classes |= visible && c != '#' ? target_char : 0;
    classes |= visible && !is_in(c, "\",;\\") ? cookie_char : 0;
    classes |= alphanumeric || is_in(c, "-._~:/?#[]@!$&'()*+,;=%") ? url_char : 0;
    classes |= alphanumeric || is_in(c, "-._~!$&'()*+,;=%") ? host_char : 0;
    return static_cast<std::uint8_t>(classes);
}

constexpr auto make_table() {
    std::array<std::uint8_t, 256> table{};
    for (int code = 0; code < 256; ++code) {
        table[static_cast<unsigned>(code)] =
            code != 0 ? classes_of(code) : std::uint8_t{0};  // NUL ends every set above
    }
    return table;
}

inline constexpr std::array<std::uint8_t, 256> table = make_table();
}  // namespace characters

inline bool is_a(char c, char_class what) noexcept {
    return (characters::table[static_cast<unsigned char>(c)] & what) != 0;
}

inline bool are_all(std::string_view text, char_class what) noexcept {
    unsigned missing = 0;
    for (const char c : text) {
        missing |= static_cast<unsigned>(~characters::table[static_cast<unsigned char>(c)]);
    }
    return (missing & what) == 0;
}

inline bool is_token(std::string_view text) noexcept {
    return !text.empty() && are_all(text, token_char);
}

/// "/path?query".
inline bool is_origin_form(std::string_view target) noexcept {
    return target.starts_with('/') && are_all(target, target_char);
}

constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Whether they are equal but for the case of ASCII letters.
inline bool is_same_name(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i] && to_lower(a[i]) != to_lower(b[i])) {
            return false;
        }
    }
    return true;
}

/// Without spaces and tabs at its ends.
inline std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

/// Empties it. Keeps little memory only: a connection may be idle for long afterwards.
inline void empty_for_reuse(std::string& text) noexcept {
    constexpr std::size_t most = std::size_t{32} * 1024;
    if (text.capacity() > most) {
        std::string().swap(text);  // assigning an empty one would keep the memory
    } else {
        text.clear();
    }
}

/// Cuts off what comes before the separator, or all, and gives it.
inline std::string_view take_until(std::string_view& text, char separator) noexcept {
    const std::size_t at = text.find(separator);
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(at == text.npos ? text.size() : at + 1);
    return taken;
}

}  // namespace rondo::http::detail
