// SPDX-License-Identifier: MIT
#include "http/target.hpp"

#include "http/characters.hpp"

#include <algorithm>

namespace rondo::http::detail {
namespace {

bool is_port(std::string_view text) noexcept {
    unsigned port = 0;
    for (const char c : text) {
        port = port * 10 + static_cast<unsigned>(c - '0');
        if (c < '0' || c > '9' || port > 65'535) {
            return false;
        }
    }
    return true;
}

/// "::1" of "[::1]"; of the future forms none is known.
bool is_ip_literal(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        const char lower = to_lower(c);
        return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f') || c == ':' || c == '.';
    });
}

/// The scheme's length with its "://", or 0.
std::size_t scheme_size(std::string_view target) noexcept {
    if (is_same_name(target.substr(0, 7), "http://")) {
        return 7;
    }
    return is_same_name(target.substr(0, 8), "https://") ? 8 : 0;
}

request_target parse_absolute(std::string_view target, std::size_t scheme) noexcept {
    request_target parsed;
    target.remove_prefix(scheme);
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    parsed.authority = target.substr(0, end);
    parsed.path_and_query = target.substr(end);
    parsed.valid = is_host(parsed.authority);
    return parsed;
}

}  // namespace

bool is_host(std::string_view text) noexcept {
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == text.npos || !is_ip_literal(text.substr(1, end - 1))) {
            return false;
        }
        port = text.substr(end + 1);
    } else {
        const std::size_t end = std::min(text.find(':'), text.size());
        if (end == 0 || !are_all(text.substr(0, end), host_char)) {
            return false;
        }
        port = text.substr(end);
    }
    return port.empty() || (port[0] == ':' && is_port(port.substr(1)));
}

request_target split_target(std::string_view method, std::string_view target) noexcept {
    request_target parsed;
    if (method == "CONNECT") {
        parsed.path_and_query = target;
        parsed.valid = is_host(target) && target.back() != ':' &&
                       target.find(':', target.rfind(']') + 1) != target.npos;
    } else if (target == "*") {
        parsed.path_and_query = target;
        parsed.valid = method == "OPTIONS";
    } else if (!are_all(target, target_char)) {
        parsed.valid = false;
    } else if (target.starts_with('/')) {
        parsed.path_and_query = target;
        parsed.valid = true;
    } else if (const std::size_t scheme = scheme_size(target)) {
        parsed = parse_absolute(target, scheme);
    }
    return parsed;
}

}  // namespace rondo::http::detail
