// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace rondo::sys {

/// How many pieces one call writes; the kernel would take 1024.
inline constexpr std::size_t most_pieces = 16;

}  // namespace rondo::sys
