// SPDX-License-Identifier: MIT
#include <rondo/core/map_concurrent.hpp>

#include <stdexcept>
#include <string>

namespace rondo::detail {

void throw_limit_too_small(std::ptrdiff_t limit) {
    throw std::invalid_argument("map_concurrent: a limit of " + std::to_string(limit) +
                                " would never run anything; it must be at least 1");
}

}  // namespace rondo::detail
