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

/// Up to eight characters; harmless ones take the place of those that are missing.
std::uint64_t load(const char* from, std::size_t count) noexcept {
    std::uint64_t word = each_byte('a');
    if (count == sizeof word) [[likely]] {
        std::memcpy(&word, from, sizeof word);
        return word;
    }
    auto* to = reinterpret_cast<char*>(&word);
    for (const std::size_t step : {4u, 2u, 1u}) {
        if ((count & step) != 0) {
            std::memcpy(to, from, step);
            to += step;
            from += step;
        }
    }
    return word;
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
        for (std::size_t i = 0; i < part.size(); i += sizeof(std::uint64_t)) {
            const std::size_t count = std::min(part.size() - i, sizeof(std::uint64_t));
            const std::uint64_t word = load(part.data() + i, count);
            if (special(word) == 0) [[likely]] {
                std::memcpy(at_, &word, sizeof word);
                at_ += count;
            } else {
                seen |= careful(part.substr(i, count));
            }
        }
    }
    put('"');
    if (seen >= 0x80 && !is_utf8(text)) {
        throw json::encode_error("a string is not UTF-8: take std::vector<std::byte> for bytes");
    }
}

/// Character by character. Gives all bits of all of them.
unsigned char output::careful(std::string_view text) {
    unsigned char seen = 0;
    for (const char each : text) {
        const auto c = static_cast<unsigned char>(each);
        seen |= c;
        if (c < 0x20 || c == '"' || c == '\\') {
            escaped(c);
        } else {
            *at_++ = each;
        }
    }
    return seen;
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

/// Numbers with few decimals, as most are: `digits` of them after the point, if they say it all.
/// Both operands of the division are exact, so it rounds as reading the text would.
bool output::few_decimals(double value) {
    double scale = 1;
    for (int digits = 1; digits <= 4; ++digits) {
        scale *= 10;
        const double scaled = std::fabs(value) * scale + 0.5;
        if (scaled >= 1e15) {
            return false;
        }
        const auto all = static_cast<std::uint64_t>(scaled);
        if (static_cast<double>(all) / scale == std::fabs(value)) {
            const auto unit = static_cast<std::uint64_t>(scale);
            if (value < 0) {
                put('-');
            }
            unsigned_integer(all / unit);
            *at_ = '.';
            std::uint64_t rest = all % unit;
            for (int i = digits; i > 0; --i, rest /= 10) {
                at_[i] = static_cast<char>('0' + rest % 10);
            }
            at_ += digits + 1;
            return true;
        }
    }
    return false;
}

template <class F>
void output::shortest(F value) {
    constexpr F most = static_cast<F>(1e15);
    const bool is_negative_zero = value == 0 && std::signbit(value);
    if (std::fabs(value) < most && std::trunc(value) == value && !is_negative_zero) {
        integer(static_cast<std::int64_t>(value));
        raw(".0");
        return;
    }
    room(most_room);
    const char* first = at_;
    at_ = std::to_chars(at_, at_ + 64, value).ptr;
    const std::string_view written(first, static_cast<std::size_t>(at_ - first));
    if (written.find_first_of(".e") == written.npos) {
        raw(".0");
    }
}

void output::real(double value) {
    // Smaller ones are shorter with an exponent.
    if (std::fabs(value) < 1e-3 || std::trunc(value) == value || !few_decimals(value)) {
        shortest(value);
    }
}
void output::real(float value) { shortest(value); }

}  // namespace rondo::detail
