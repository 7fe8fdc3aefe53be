// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

namespace rondo::http::detail {

/// So many bytes that nobody can foresee, in hexadecimal digits. Throws runtime_error when the
/// system has none.
std::string random_token(std::size_t bytes);

}  // namespace rondo::http::detail
