// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace rondo::http::detail {

/// "Not Found"; "" for a status that is not registered. RFC 9110 §15 and IANA's registry.
std::string_view phrase_of(int status_code) noexcept;

/// Whether a response of this status has a body; RFC 9110 §6.4.1.
inline bool has_body(int status_code) noexcept {
    return status_code >= 200 && status_code != 204 && status_code != 304;
}

}  // namespace rondo::http::detail
