// SPDX-License-Identifier: MIT
#include "json/output.hpp"

#include "json/document.hpp"
#include <rondo/json/errors.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace rondo::detail {
namespace {

constexpr std::uint64_t each_byte(std::uint8_t b) noexcept { return 0x0101010101010101u * b; }

/// Not zero if one of eight characters is a control, a quote, a backslash, or not ASCII.
std::uint64_t special(std::uint64_t word) noexcept {
    constexpr std::uint64_t high = each_byte(0x80);
    const std::uint64_t quote = word ^ each_byte('"');
    const std::uint64_t slash = word ^ each_byte('\\');
    return ((word - each_byte(0x20)) | (quote - each_byte(1)) | (slash - each_byte(1)) | word) &
           high;
}

constexpr auto two_digits = [] {
    std::array<char, 200> digits{};
    for (std::size_t i = 0; i < 100; ++i) {
        digits[2 * i] = static_cast<char>('0' + i / 10);
        digits[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return digits;
}();

}  // namespace

void output::escaped(unsigned char c) {
    static constexpr char hex[] = "0123456789abcdef";
    static constexpr std::string_view named = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    *at_++ = '\\';
    const std::size_t which = named.find(static_cast<char>(c));
    if (which != named.npos) {
        *at_++ = letters[which];
        return;
    }
    std::memcpy(at_, "u00", 3);
    at_[3] = hex[c >> 4];
    at_[4] = hex[c & 15];
    at_ += 5;
}

void output::quoted(std::string_view text) {
    constexpr std::size_t piece = (most_room - 16) / 6;  // each may become six
    put('"');
    unsigned char seen = 0;
    for (std::size_t begin = 0; begin < text.size(); begin += piece) {
        room(most_room);
        const std::string_view part = text.substr(begin, piece);
        std::size_t i = 0;
        while (i < part.size()) {
            std::uint64_t word;
            if (i + sizeof word <= part.size()) {
                std::memcpy(&word, part.data() + i, sizeof word);
                if (special(word) == 0) [[likely]] {
                    std::memcpy(at_, &word, sizeof word);
                    at_ += sizeof word;
                    i += sizeof word;
                    continue;
                }
            }
            const std::size_t end = std::min(i + sizeof word, part.size());
            for (; i < end; ++i) {
                const auto c = static_cast<unsigned char>(part[i]);
                seen |= c;
                if (c < 0x20 || c == '"' || c == '\\') [[unlikely]] {
                    escaped(c);
                } else {
                    *at_++ = static_cast<char>(c);
                }
            }
        }
    }
    put('"');
    if (seen >= 0x80 && !is_utf8(text)) {
        throw json::encode_error("a string is not UTF-8: take std::vector<std::byte> for bytes");
    }
}

void output::unsigned_integer(std::uint64_t value) {
    room(most_room);
    char digits[20];
    char* first = digits + sizeof digits;
    while (value >= 100) {
        first -= 2;
        std::memcpy(first, &two_digits[2 * (value % 100)], 2);
        value /= 100;
    }
    if (value >= 10) {
        first -= 2;
        std::memcpy(first, &two_digits[2 * value], 2);
    } else {
        *--first = static_cast<char>('0' + value);
    }
    const auto size = static_cast<std::size_t>(digits + sizeof digits - first);
    std::memcpy(at_, first, size);
    at_ += size;
}

void output::integer(std::int64_t value) {
    if (value < 0) {
        put('-');
        unsigned_integer(std::uint64_t{0} - static_cast<std::uint64_t>(value));
    } else {
        unsigned_integer(static_cast<std::uint64_t>(value));
    }
}

template <class F>
void output::shortest(F value) {
    constexpr F most = static_cast<F>(1e15);
    if (std::fabs(value) < most && std::trunc(value) == value &&
        !(value == 0 && std::signbit(value))) {
        integer(static_cast<std::int64_t>(value));
        raw(".0");
        return;
    }
    room(most_room);
    char* first = at_;
    at_ = std::to_chars(at_, at_ + 64, value).ptr;
    const std::string_view written(first, static_cast<std::size_t>(at_ - first));
    if (written.find_first_of(".e") == written.npos) {
        raw(".0");
    }
}

void output::real(double value) { shortest(value); }
void output::real(float value) { shortest(value); }

}  // namespace rondo::detail
