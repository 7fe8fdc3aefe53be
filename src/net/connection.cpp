// SPDX-License-Identifier: MIT
#include <rondo/net/stream.hpp>

#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

namespace rondo {

namespace {

/// The only error, or one that names them all.
[[noreturn]] void throw_all(const std::vector<std::system_error>& errors) {
    bool same = true;
    std::string all;
    for (const std::system_error& error : errors) {
        same = same && error.code() == errors.front().code();
        all += (all.empty() ? "" : "; ") + std::string(error.what());
    }
    if (errors.size() == 1) {
        throw errors.front();
    }
    throw std::system_error(
        same ? errors.front().code() : std::error_code(EHOSTUNREACH, std::generic_category()),
        "open_connection: every address failed: " + all);
}

}  // namespace

coro<stream> open_connection(std::string host, std::uint16_t port, connection_options options) {
    std::vector<std::system_error> errors;
    const auto found = co_await getaddrinfo(std::move(host), port);
    for (const address& to : found) {
        try {
            socket s = socket::tcp(to.is_ipv6());
            co_await s.connect(to);
            co_return stream(std::move(s), options.limit);
        } catch (const std::system_error& error) {
            errors.push_back(error);
        }
    }
    throw_all(errors);
}

}  // namespace rondo
