// SPDX-License-Identifier: MIT
#include "http/ranges.hpp"

#include "http/characters.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace rondo::http::detail {
namespace {

constexpr std::size_t max_ranges = 16;

std::optional<std::uint64_t> number_of(std::string_view text) noexcept {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, failed] = std::from_chars(text.data(), end, number);
    if (failed != std::errc() || stopped != end) {
        return std::nullopt;
    }
    return number;
}

/// Adds one of them if it can be satisfied. False when it is malformed.
bool add_range(std::string_view text, std::uint64_t size, std::vector<byte_range>& to) {
    const std::size_t dash = text.find('-');
    if (dash == text.npos) {
        return false;
    }
    const std::string_view begins = text.substr(0, dash);
    const std::string_view ends = text.substr(dash + 1);
    const auto first = number_of(begins);
    const auto last = number_of(ends);
    byte_range range;
    if (begins.empty()) {  // the last so many bytes
        if (!last) {
            return false;
        }
        range.size = std::min(*last, size);
        range.first = size - range.size;
    } else {
        if (!first || (!last && !ends.empty()) || (last && *last < *first)) {
            return false;
        }
        range.first = *first;
        const std::uint64_t left = size - std::min(*first, size);
        range.size = last ? std::min(*last - *first, left - std::min<std::uint64_t>(left, 1)) +
                                std::min<std::uint64_t>(left, 1)
                          : left;
    }
    if (range.size > 0) {
        to.push_back(range);
    }
    return true;
}

}  // namespace

wanted_ranges parse_ranges(std::string_view header, std::uint64_t size) {
    wanted_ranges wanted;
    if (!is_same_name(take_until(header, '='), "bytes") || header.empty()) {
        return wanted;
    }
    std::uint64_t total = 0;
    std::size_t count = 0;
    while (!header.empty()) {
        const std::string_view one = trim(take_until(header, ','));
        if (++count > max_ranges || !add_range(one, size, wanted.ranges)) {
            return wanted;
        }
    }
    for (const byte_range& range : wanted.ranges) {
        total += range.size;
    }
    wanted.valid = wanted.ranges.size() < 2 || total <= size;
    return wanted;
}

std::string range_text(const byte_range& range, std::uint64_t size) {
    return "bytes " + std::to_string(range.first) + '-' +
           std::to_string(range.first + range.size - 1) + '/' + std::to_string(size);
}

}  // namespace rondo::http::detail
