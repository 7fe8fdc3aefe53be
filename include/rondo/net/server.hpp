// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/unique_function.hpp>
#include <rondo/core/clock.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/with.hpp>
#include <rondo/io/address.hpp>
#include <rondo/io/stream.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

class server;
class socket;

/// How a server listens. See start_server and start_unix_server.
struct server_options {
    int backlog = 100;                          // connections that may wait to be accepted
    bool reuse_port = false;                    // let several processes listen on one port
    bool keep_alive = false;                    // let the kernel look for peers that are gone
    std::size_t limit = stream::default_limit;  // of readline and readuntil
    bool start_serving = true;                  // accept at once, or at start_serving()
    bool cleanup_socket = true;                 // remove the file of a Unix socket at the end
    // While so many handlers run, further clients wait in the backlog.
    std::size_t max_connections = static_cast<std::size_t>(-1);
};
static_assert(std::is_trivially_destructible_v<server_options>);

using connection_handler = unique_function<coro<void>(stream)>;

namespace detail {
class server_core;
coro<server> start_server_with(connection_handler handler, std::vector<std::string> hosts,
                               std::uint16_t port, server_options options);
coro<server> start_unix_server_with(connection_handler handler, std::string path,
                                    server_options options);
/// On a socket that is bound already.
server start_server_on(connection_handler handler, socket bound, server_options options);

/// Refuses what start_server and its kin could not run.
template <class F>
constexpr void check_handler() {
    static_assert(std::is_invocable_r_v<coro<void>, std::decay_t<F>&, stream>,
                  "a handler is a coroutine function that takes a stream, by value, and nothing "
                  "else: rondo::coro<void> handler(rondo::stream s)");
    if constexpr (!std::is_same_v<F, connection_handler>) {
        detail::check_callable<F>();
    }
}

template <class F>
connection_handler as_handler(F&& handler) {
    detail::check_handler<F>();
    return connection_handler(std::forward<F>(handler));
}
}  // namespace detail

/// A server that accepts connections and runs a handler for each, as `start_server` makes it.
///
///     auto server = co_await rondo::start_server(echo, "localhost", 8080);
///     co_await server.serve_forever();
///     co_await server.shutdown(5s);
///
/// It accepts from the beginning and until it is closed: by `close()`, by the destructor, or when
/// the task in `serve_forever` is cancelled. The handlers that run then go on; `shutdown` ends them
/// too. When descriptors run out, it closes the connections that wait to be accepted, reports that,
/// and tries again after a second; the listeners stay. Moved, not copied. Threads: those of the
/// loop where it was made; from another one calls throw runtime_error, the noexcept ones report
/// that and do nothing, and the destructor lets the loop close it. Once that loop is closed nobody
/// accepts, until start_serving() or serve_forever() is called in another one.
class server {
public:
    explicit server(detail::core_ref<detail::server_core> core) noexcept;
    server(server&& other) noexcept;
    server& operator=(server&& other) noexcept;
    ~server();

    // ---- operations
    /// Begins to listen and to accept, unless it does already. Throws system_error; runtime_error
    /// once closed.
    void start_serving();
    /// Stops accepting and closes the sockets. May be repeated.
    void close() noexcept;
    /// Closes every connection whose handler still runs: what was written is sent, what is written
    /// from now on is dropped, and reads give the end, as if the client had hung up.
    void close_clients() noexcept;
    /// The same at once: what is kept is dropped, and `drain` throws system_error (ECONNABORTED).
    void abort_clients() noexcept;

    // ---- awaitables
    /// Serves, beginning now if it did not yet. Returns: nothing, once the server is closed.
    /// Throws: as start_serving. Cancellation: closes the server. Fairness: yields to wait.
    /// Threads: the loop's.
    [[nodiscard]] coro<void> serve_forever();
    /// Returns: nothing, once the server is closed and the last handler has ended. Throws: nothing
    /// of its own. Cancellation: changes nothing. Fairness: yields to wait. Threads: the loop's.
    [[nodiscard]] coro<void> wait_closed();
    /// Ends the server in an orderly way: closes it at once, and lets the handlers end by
    /// themselves for as long as `grace`. Those that still run then are cancelled, as by a
    /// cancel_scope around them: every await throws until the handler has ended; and their
    /// connections are aborted. Waits for all of them.
    /// Returns: whether all handlers ended by themselves. Throws: nothing of its own.
    /// Cancellation: leaves it closed; the handlers go on. Fairness: yields to wait. Threads: the
    /// loop's.
    template <class Rep, class Period>
    [[nodiscard]] coro<bool> shutdown(std::chrono::duration<Rep, Period> grace) {
        return shutdown_within(detail::to_nanoseconds(grace));
    }

    // ---- observers
    // Of a server that was moved from they say that it is closed.
    /// The port of the first socket, also when 0 was asked for; 0 once closed.
    std::uint16_t port() const;
    /// Where it listens; empty once closed.
    std::vector<address> sockets() const;
    bool is_serving() const noexcept;
    /// How many handlers run.
    std::size_t connections() const noexcept;

private:
    coro<bool> shutdown_within(nanoseconds grace);

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
    return detail::start_server_with(detail::as_handler(std::forward<F>(handler)),
                                     std::vector<std::string>(1, std::move(host)), port, options);
}

/// The same on every address of each of the hosts, with one port, or on none of them: what cannot
/// be had of any host is an error. An address that several of them have is listened on once.
///
///     std::vector<std::string> hosts{"127.0.0.1", "10.0.0.7"};
///     auto server = co_await rondo::start_server(echo, hosts, 8080);
///
/// Returns: the server, which accepts already. Throws: as above; invalid_argument without a host.
/// Cancellation: nothing listens. Fairness: yields only to look names up. Threads: the loop's.
template <class F>
[[nodiscard]] coro<server> start_server(F&& handler, std::vector<std::string> hosts,
                                        std::uint16_t port, server_options options = {}) {
    return detail::start_server_with(detail::as_handler(std::forward<F>(handler)), std::move(hosts),
                                     port, options);
}

/// The same on a Unix socket: a path, or "\0" and a name in Linux's abstract namespace. A socket
/// that lies at the path already is taken for a stale one and replaced, as in asyncio; any other
/// file is not. When the server closes, it removes its own socket (see cleanup_socket), and never
/// one that has taken its place.
///
/// Returns: the server, which accepts already. Throws: system_error naming the path;
/// invalid_argument for one that is empty or too long. Cancellation: nothing listens. Fairness:
/// does not yield. Threads: the loop's.
template <class F>
[[nodiscard]] coro<server> start_unix_server(F&& handler, std::string path,
                                             server_options options = {}) {
    return detail::start_unix_server_with(detail::as_handler(std::forward<F>(handler)),
                                          std::move(path), options);
}

}  // namespace rondo
