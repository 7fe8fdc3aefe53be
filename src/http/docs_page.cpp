// SPDX-License-Identifier: MIT
#include "http/docs_page.hpp"

namespace rondo::http::detail {

std::string docs_page(std::string_view title, std::string_view openapi_url) {
    return std::string(title) + std::string(openapi_url);
}

}  // namespace rondo::http::detail
