// SPDX-License-Identifier: MIT
#include "json/base64.hpp"

#include <cstdint>

namespace rondo::detail {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int sextet(char c) noexcept {
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

}  // namespace

std::string base64(const std::vector<std::byte>& bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = i; k < i + 3; ++k) {
            group = group << 8 | (k < bytes.size() ? static_cast<std::uint32_t>(bytes[k]) : 0);
        }
        for (int shift = 18; shift >= 0; shift -= 6) {
            text += alphabet[(group >> shift) & 63];
        }
    }
    for (std::size_t missing = (3 - bytes.size() % 3) % 3; missing > 0; --missing) {
        text[text.size() - missing] = '=';
    }
    return text;
}

bool parse_base64(std::string_view text, std::vector<std::byte>& bytes) {
    const bool padded = text.ends_with('=');
    if (padded && text.size() % 4 != 0) {
        return false;
    }
    for (int i = 0; i < 2 && text.ends_with('='); ++i) {
        text.remove_suffix(1);
    }
    if (text.size() % 4 == 1) {
        return false;
    }
    bytes.clear();
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t group = 0;
    int bits = 0;
    for (const char c : text) {
        const int value = sextet(c);
        if (value < 0) {
            return false;
        }
        group = group << 6 | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<std::byte>(group >> bits));
        }
    }
    return (group & ((1u << bits) - 1)) == 0;  // no bits that mean nothing
}

}  // namespace rondo::detail
