// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/cookie.hpp>
#include <rondo/http/multi_dict.hpp>

#include <string_view>

namespace rondo::http::detail {

/// Adds the cookies of a Cookie header. What is no pair of a name and a value is skipped, quotes
/// around a value are dropped and what they escape is read, as Starlette does.
void parse_cookies(std::string_view header, multi_dict& to);

}  // namespace rondo::http::detail
