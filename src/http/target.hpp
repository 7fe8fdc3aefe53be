// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace rondo::http::detail {

/// What a request's target says. RFC 9112 §3.2.
struct request_target {
    std::string_view path_and_query;  // "/…", "*", or what CONNECT asks for
    std::string_view authority;       // of the absolute form, which overrules the Host header
    bool valid = false;
};

request_target split_target(std::string_view method, std::string_view target) noexcept;

/// Whether it is a host with or without a port, and nothing else: RFC 9110 §7.2. The host is not
/// empty: http has no such URL (§4.2.1).
bool is_host(std::string_view text) noexcept;

}  // namespace rondo::http::detail
