// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rondo::http::detail {

/// So many bytes that nobody can foresee, in hexadecimal digits. Throws runtime_error when the
/// system has none.
std::string random_token(std::size_t bytes);

/// HMAC with SHA-256 (RFC 2104), 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);

}  // namespace rondo::http::detail
