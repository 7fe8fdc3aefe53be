// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/error.hpp>
#include <rondo/http/response.hpp>

namespace rondo::http::detail {

/// {"detail": …} with the status and headers of the error, in place of whatever the answer was.
void write_error(const http::error& error, http::response& answer);

}  // namespace rondo::http::detail
