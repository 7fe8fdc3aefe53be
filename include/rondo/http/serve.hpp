// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/clock.hpp>
#include <rondo/core/coro.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace rondo::http {

/// Where and how an application is served. The texts must live until it listens.
struct serve_options {
    // ---- where
    std::string_view host = "127.0.0.1";  // "" means all of this machine
    std::uint16_t port = 8000;            // 0 lets the kernel choose
    std::string_view uds = {};            // the path of a Unix socket, instead of host and port
    int fd = -1;                          // a socket that is bound already, instead of all these
    int backlog = 2048;
    bool reuse_port = false;
    /// Loops, each in a thread of its own; more than one is for http::run of a function that makes
    /// an app.
    unsigned loops = 1;

    // ---- limits of a request; past them it is refused, and the connection closed
    std::size_t max_request_line = 8 * 1024;                   // 414
    std::size_t max_header_size = 32 * 1024;                   // 431
    std::size_t max_header_count = 100;                        // 431
    std::uint64_t max_body_size = std::uint64_t{16} << 20;     // 413
    std::size_t max_query_pairs = 1'000;                       // 400
    nanoseconds header_timeout = std::chrono::seconds(10);     // 408; from first byte to end
    nanoseconds keep_alive_timeout = std::chrono::seconds(5);  // between requests; closes silently
    nanoseconds body_timeout = std::chrono::seconds(30);       // 408; between pieces
    std::uint64_t min_body_rate = 240;                         // 408; bytes a second, but for 5 s
    nanoseconds write_timeout = std::chrono::seconds(30);      // without progress; aborts

    // ---- limits of the server
    std::size_t max_connections = 10'000;  // accepting pauses
    std::uint64_t max_requests_per_connection = static_cast<std::uint64_t>(-1);
    nanoseconds shutdown_timeout = std::chrono::seconds(10);  // then handlers are cancelled

    // ---- what it says
    /// The proxies, by their numeric addresses, whose X-Forwarded-For and -Proto count.
    std::string_view forwarded_allow_ips = "127.0.0.1,::1";
    std::string_view server_header = {};  // the Server header; none when empty
    bool date_header = true;
    /// A line for each request on stdout, with the query as it came, secrets included.
    bool access_log = false;
};
static_assert(std::is_trivially_destructible_v<serve_options>);

namespace detail {

class application;

/// Serves until it is cancelled, and then ends in an orderly way: accepts nothing more, closes
/// connections that are idle, lets requests end for `shutdown_timeout`, and cancels those that are
/// left. `listening`, unless null, is told the port once it listens.
coro<void> serve(application& app, serve_options options,
                 void (*listening)(void* context, std::uint16_t port) = nullptr,
                 void* context = nullptr);

/// Serves until SIGINT or SIGTERM comes; says on stderr where it listens.
coro<void> serve_until_signalled(application& app, serve_options options);

/// Serves in this process until SIGINT or SIGTERM comes, and then as when it is cancelled; a second
/// signal ends the process at once. Says on stderr where it listens. Throws what serve() throws.
void run(application& app, const serve_options& options);

}  // namespace detail
}  // namespace rondo::http
