// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace rondo::http::detail {

/// The page that shows an app's document and tries its operations out.
/// It needs nothing from elsewhere.
std::string docs_page(std::string_view openapi_url);

}  // namespace rondo::http::detail
