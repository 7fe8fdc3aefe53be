// SPDX-License-Identifier: MIT
#include "http/percent.hpp"

namespace rondo::http::detail {
namespace {

int digit_of(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The byte of the %XX that the text begins with; -1 when it does not.
int escaped_byte(std::string_view text) noexcept {
    if (text.size() < 3 || text[0] != '%') {
        return -1;
    }
    const int high = digit_of(text[1]);
    const int low = digit_of(text[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

std::string form_decode(std::string_view text) {
    std::string spaced(text);
    for (char& c : spaced) {
        c = c == '+' ? ' ' : c;
    }
    if (spaced.find('%') == spaced.npos) {
        return spaced;
    }
    std::string decoded;
    percent_decode(spaced, decoded);
    return decoded;
}

}  // namespace

void percent_decode(std::string_view text, std::string& to) {
    while (true) {
        const std::size_t plain = text.find('%');
        to.append(text.substr(0, plain));
        if (plain == text.npos) {
            return;
        }
        text.remove_prefix(plain);
        const int byte = escaped_byte(text);
        to += byte < 0 ? '%' : static_cast<char>(byte);
        text.remove_prefix(byte < 0 ? 1 : 3);
    }
}

void percent_encode_url(std::string_view url, std::string& to) {
    for (const char c : url) {
        if (is_a(c, url_char)) {
            to += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            to += '%';
            to += "0123456789ABCDEF"[byte >> 4];
            to += "0123456789ABCDEF"[byte & 15];
        }
    }
}

bool parse_form(std::string_view text, std::size_t max_pairs, multi_dict& to) {
    std::size_t pairs = 0;
    while (!text.empty()) {
        std::string_view value = take_until(text, '&');
        if (value.empty()) {
            continue;
        }
        if (++pairs > max_pairs) {
            return false;
        }
        const std::string_view name = take_until(value, '=');
        to.add(form_decode(name), form_decode(value));
    }
    return true;
}

}  // namespace rondo::http::detail
