// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/type_table.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace rondo::json {

/// A text that is known when the program is compiled, as a template argument.
template <std::size_t Size>
struct fixed_text {
    char characters[Size];

    consteval fixed_text(const char (&text)[Size]) {
        for (std::size_t i = 0; i < Size; ++i) {
            characters[i] = text[i];
        }
    }
    constexpr std::string_view view() const noexcept { return {characters, Size - 1}; }
};

/// One of a few texts: Python's `Literal["a", "b"]`. It begins as the first.
///
/// A literal that every alternative of a std::variant has under one name tells them apart:
///     struct cat { json::literal<"cat"> kind; int lives; };
///     struct dog { json::literal<"dog"> kind; double bark; };
///     using pet = std::variant<cat, dog>;
template <fixed_text... Texts>
class literal {
public:
    static_assert(sizeof...(Texts) > 0 && sizeof...(Texts) < 256);

    constexpr literal() noexcept = default;
    /// Throws std::invalid_argument for another text; in a constant that is a compile error.
    constexpr literal(std::string_view text) {
        while (texts[index_] != text) {
            if (++index_ == sizeof...(Texts)) {
                throw std::invalid_argument("json::literal has no such text");
            }
        }
    }
    constexpr literal(const char* text) : literal(std::string_view(text)) {}

    constexpr std::string_view view() const noexcept { return texts[index_]; }
    constexpr operator std::string_view() const noexcept { return view(); }

    friend constexpr bool operator==(const literal&, const literal&) noexcept = default;
    friend constexpr bool operator==(const literal& a, std::string_view b) noexcept {
        return a.view() == b;
    }
    friend constexpr bool operator==(const literal& a, const char* b) noexcept {
        return a.view() == b;
    }

    static constexpr detail::literal_table rondo_type_table() {
        return {{detail::type_kind::literal, sizeof(literal), detail::spelled_type<literal>()},
                sizeof...(Texts),
                texts};
    }

private:
    static constexpr std::string_view texts[] = {Texts.view()...};

    std::uint8_t index_ = 0;
};

}  // namespace rondo::json
