// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/http/multi_dict.hpp>
#include <rondo/http/upload_file.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace rondo::http::detail {

class request_state;

/// What a form has sent.
struct form_data {
    form_data() = default;
    form_data(form_data&&) = default;
    form_data& operator=(form_data&&) = default;

    multi_dict fields;
    std::vector<std::pair<std::string, upload_file>> files;
};

constexpr std::size_t max_field_size = std::size_t{1} << 20;

/// Reads the body as a form: application/x-www-form-urlencoded or multipart/form-data, where a part
/// with a filename is a file. The body is gone then. Any other type is an empty form. Throws
/// http::error (400) for what is malformed or too much, and as request::body.
coro<form_data> read_form(request_state& asked);

}  // namespace rondo::http::detail
