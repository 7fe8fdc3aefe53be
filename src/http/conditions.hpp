// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/headers.hpp>

#include <chrono>
#include <string_view>

namespace rondo::http::detail {

/// What tells one state of a representation from another.
struct validators {
    std::string_view etag;  // with its quotes
    std::chrono::sys_seconds modified;
};

/// What the conditions of a GET or HEAD come to: 200, 304 or 412. RFC 9110 §13.2.2.
int evaluate_conditions(const headers& asked, const validators& of);

/// Whether a Range header counts: there is no If-Range, or it names this very state. §13.1.5.
bool range_applies(const headers& asked, const validators& of);

}  // namespace rondo::http::detail
