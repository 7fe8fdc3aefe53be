// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace rondo::http::detail {

/// "text/css; charset=utf-8" for "a/b.css", as Python's mimetypes; "application/octet-stream" for
/// an ending that nobody knows.
std::string_view media_type_of(std::string_view path) noexcept;

}  // namespace rondo::http::detail
