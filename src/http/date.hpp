// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rondo::http::detail {

/// Appends "Sun, 06 Nov 1994 08:49:37 GMT". RFC 9110 §5.6.7.
void append_date(std::chrono::sys_seconds time, std::string& to);

/// Reads any of the three forms that RFC 9110 §5.6.7 asks for; nullopt for anything else.
std::optional<std::chrono::sys_seconds> parse_date(std::string_view text) noexcept;

}  // namespace rondo::http::detail
