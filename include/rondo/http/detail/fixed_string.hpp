// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace rondo::http::detail {

/// A text as a template argument: `query<int, "limit">`.
template <std::size_t N>
struct fixed_string {
    char text[N];

    consteval fixed_string(const char (&from)[N]) {
        for (std::size_t i = 0; i < N; ++i) {
            text[i] = from[i];
        }
    }
    constexpr std::string_view view() const { return {text, N - 1}; }
    static constexpr bool is_empty = N == 1;
};

}  // namespace rondo::http::detail
