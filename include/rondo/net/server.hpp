// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/unique_function.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/with.hpp>
#include <rondo/net/socket.hpp>
#include <rondo/net/stream.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

class server;

/// How a server listens. See start_server.
struct server_options {
    int backlog = 100;                          // connections that may wait to be accepted
    bool reuse_port = false;                    // let several processes listen on one port
    std::size_t limit = stream::default_limit;  // of readline and readuntil
};

using connection_handler = unique_function<coro<void>(stream)>;

namespace detail {
class server_core;
coro<server> start_server_with(connection_handler handler, std::string host, std::uint16_t port,
                               server_options options);
}  // namespace detail

/// A server that accepts connections and runs a handler for each, as `start_server` makes it.
///
///     auto server = co_await rondo::start_server(echo, "localhost", 8080);
///     co_await server.serve_forever();
///
/// It accepts from the beginning and until it is closed: by `close()`, by the destructor, or when
/// the task in `serve_forever` is cancelled. The handlers that run then go on. Moved, not copied.
/// Threads: the loop's.
class server {
public:
    explicit server(detail::core_ref<detail::server_core> core) noexcept;
    server(server&& other) noexcept;
    server& operator=(server&& other) noexcept;
    ~server();

    /// The port of the first socket, also when 0 was asked for; 0 once closed.
    std::uint16_t port() const;
    /// Where it listens; empty once closed.
    std::vector<address> sockets() const;
    bool is_serving() const noexcept;
    /// Stops accepting and closes the sockets. May be repeated.
    void close() noexcept;

    /// Returns: nothing, once the server is closed. Throws: nothing of its own. Cancellation:
    /// closes the server. Fairness: yields to wait. Threads: the loop's.
    [[nodiscard]] coro<void> serve_forever();
    /// Returns: nothing, once the server is closed and the last handler has ended. Throws: nothing
    /// of its own. Cancellation: changes nothing. Fairness: yields to wait. Threads: the loop's.
    [[nodiscard]] coro<void> wait_closed();

private:
    friend coro<server> detail::start_server_with(connection_handler, std::string, std::uint16_t,
                                                  server_options);
    detail::core_ref<detail::server_core> core_;
};

/// Listens on every address of the host ("" means all of this machine) and runs handler(stream), a
/// coroutine function or a lambda, in a task of its own for each connection. Port 0 lets the kernel
/// choose one. What a handler throws is reported, and closes its connection.
///
/// Returns: the server, which accepts already. Throws: system_error naming the address that could
/// not be used; runtime_error when the name is unknown. Cancellation: nothing listens. Fairness:
/// yields only to look a name up. Threads: the loop's.
template <class F>
[[nodiscard]] coro<server> start_server(F&& handler, std::string host, std::uint16_t port,
                                        server_options options = {}) {
    if constexpr (!std::is_same_v<F, connection_handler>) {
        detail::check_callable<F>();
    }
    return detail::start_server_with(connection_handler(std::forward<F>(handler)), std::move(host),
                                     port, options);
}

}  // namespace rondo
