// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace rondo::detail {

struct syntax_fault {
    const char* message;
    std::size_t position;
};

/// The first byte at which a text stops being JSON; nothing if all of it is JSON. Slow: the parser
/// says whether, this says where. Also finds names that stand twice, if asked to.
std::optional<syntax_fault> find_syntax_fault(std::string_view text, bool refuse_duplicates);

/// Throws json::decode_error for a text that the parser has refused.
[[noreturn]] void refuse_json(std::string_view text);

}  // namespace rondo::detail
