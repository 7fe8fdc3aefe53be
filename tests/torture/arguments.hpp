// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

/// What stands behind the name of a player.
namespace torture {

struct range {
    std::uint64_t least;
    std::uint64_t most;
};

inline constexpr range any_count = {1, 999'999'999};

/// None when `text` is anything but a number in the range.
inline std::optional<std::uint64_t> number(std::string_view text, range in = any_count) {
    std::uint64_t n = 0;
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, n);
    if (error != std::errc() || at != end || n < in.least || n > in.most) {
        return std::nullopt;
    }
    return n;
}

/// Ends the program with a sentence when it is none. `who` is the program, `what` it counts.
inline std::uint64_t number_or_exit(const char* who, std::string_view text, const char* what,
                                    range in = any_count) {
    if (const auto n = number(text, in)) {
        return *n;
    }
    std::fprintf(stderr, "%s: '%.*s' is no %s (%llu to %llu)\n", who, static_cast<int>(text.size()),
                 text.data(), what, static_cast<unsigned long long>(in.least),
                 static_cast<unsigned long long>(in.most));
    std::exit(2);
}

}  // namespace torture
