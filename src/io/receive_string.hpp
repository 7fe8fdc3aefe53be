// SPDX-License-Identifier: MIT
#pragma once

#include "io/fd_state.hpp"
#include "io/read_size.hpp"

#include <cstddef>
#include <string>

namespace rondo::detail {

/// recv of up to so many bytes into an empty string: straight into its memory where much is
/// expected, so that it is not copied, and otherwise by way of scratch(), so that none is wasted.
std::ptrdiff_t receive_string(fd_state& from, std::string& to, std::size_t most,
                              read_size& size) noexcept;

}  // namespace rondo::detail
