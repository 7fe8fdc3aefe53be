// SPDX-License-Identifier: MIT
#include "http/error_answer.hpp"

#include "http/status.hpp"

namespace rondo::http::detail {

void write_error(const http::error& error, http::response& answer) {
    response_parts::clear(answer);
    answer.status_code = error.status_code();
    for (const auto& [name, value] : error.headers()) {
        answer.headers.add_checked(name, value);
    }
    if (has_body(error.status_code())) {
        answer.headers.add_checked("content-type", "application/json");
        answer.body.append(R"({"detail":)").append(error.detail()).append("}");
    }
}

}  // namespace rondo::http::detail
