// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/json/value.hpp>

namespace rondo::http::detail {

class app_core;

/// The OpenAPI 3.1 document of an app whose operations are bound.
json::value openapi_document(const app_core& app);

}  // namespace rondo::http::detail
