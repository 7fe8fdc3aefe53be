// SPDX-License-Identifier: MIT
#pragma once

#include "http/characters.hpp"
#include <rondo/http/multi_dict.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace rondo::http::detail {

/// Appends the text with each %XX as its byte. A "%" that two hexadecimal digits do not follow is
/// kept, as Python's unquote does.
void percent_decode(std::string_view text, std::string& to);

/// Appends the text with every byte that a URL does not have as %XX; a "%" is kept.
void percent_encode_url(std::string_view url, std::string& to);

/// Adds the pairs of a query or a form: "a=1&b=two+words". Empty pairs are skipped.
/// Returns: false for more than `max_pairs`.
bool parse_form(std::string_view text, std::size_t max_pairs, multi_dict& to);

}  // namespace rondo::http::detail
