// SPDX-License-Identifier: MIT
#include <rondo/base/uuid.hpp>

#include <chrono>
#include <cstring>
#include <random>

namespace rondo {
namespace {

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = static_cast<char>(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool is_hyphen_at(std::size_t position) noexcept {
    return position == 8 || position == 13 || position == 18 || position == 23;
}

std::string_view without_wrapping(std::string_view text) noexcept {
    if (text.starts_with("urn:uuid:")) {
        return text.substr(9);
    }
    const bool braced = text.size() == 38 && text.front() == '{' && text.back() == '}';
    return braced ? text.substr(1, 36) : text;
}

std::array<std::uint8_t, 16> random_bytes() {
    std::random_device device;  // the system's generator
    std::array<std::uint8_t, 16> bytes;
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
        const std::uint32_t word = device();
        std::memcpy(&bytes[i], &word, 4);
    }
    return bytes;
}

uuid with_version(std::array<std::uint8_t, 16> bytes, int version) {
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | (version << 4));
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    return uuid(bytes);
}

}  // namespace

std::optional<uuid> uuid::parse(std::string_view text) noexcept {
    text = without_wrapping(text);
    if (text.size() != 36 && text.size() != 32) {
        return std::nullopt;
    }
    std::array<std::uint8_t, 16> bytes{};
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.size() == 36 && is_hyphen_at(i)) {
            if (text[i] != '-') {
                return std::nullopt;
            }
            continue;
        }
        const int digit = hex_digit(text[i]);
        if (digit < 0) {
            return std::nullopt;
        }
        auto& byte = bytes[digits++ / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | digit);
    }
    return uuid(bytes);
}

uuid uuid::v4() { return with_version(random_bytes(), 4); }

uuid uuid::v7() {
    auto bytes = random_bytes();
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    auto ms = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    for (int i = 5; i >= 0; --i, ms >>= 8) {
        bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms);
    }
    return with_version(bytes, 7);
}

std::string uuid::to_string() const {
    static constexpr char hex[] = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (const auto byte : bytes_) {
        if (is_hyphen_at(text.size())) {
            text += '-';
        }
        text += hex[byte >> 4];
        text += hex[byte & 15];
    }
    return text;
}

}  // namespace rondo
