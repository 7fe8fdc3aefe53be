// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::detail {

/// RFC 4648, section 4, with padding.
std::string base64(const std::vector<std::byte>& bytes);

/// Takes the alphabet of section 5 (`-_`), too; padding may be missing. False for other text.
bool parse_base64(std::string_view text, std::vector<std::byte>& bytes);

}  // namespace rondo::detail
