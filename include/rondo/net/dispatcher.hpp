// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/clock.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/net/server.hpp>
#include <rondo/threads/run_on_loops.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

namespace detail {
class dispatch;
}

/// A server in one loop of run_on_loops whose connections are handled in all of them, as
/// `start_dispatcher` makes it. It knows how many connections each loop has, and gives a new one to
/// the loop that has fewest: for connections that are few and long, which listeners with
/// `reuse_port` may pile up in one loop, since the kernel deals them out by their addresses.
///
///     rondo::run_on_loops(4, [&](const rondo::loop_place& here) -> rondo::coro<void> {
///         if (here.index() > 0) {
///             co_await over.wait();  // a threadsafe_event
///             co_return;
///         }
///         auto all = co_await rondo::start_dispatcher(here, talk, "127.0.0.1", 8888);
///         co_await all.serve_forever();
///     });
///
/// A loop that has ended gets no more; a connection that it had not begun with goes to another one,
/// and those that it had end as the loop does. Moved, not copied; the destructor closes it. It and
/// its awaits belong to the loop that made it. Threads: the loop's.
class dispatcher {
public:
    dispatcher(server accepting, std::shared_ptr<detail::dispatch> to) noexcept;
    dispatcher(dispatcher&& other) noexcept;
    dispatcher& operator=(dispatcher&& other) noexcept;
    ~dispatcher();

    /// Stops accepting and closes the sockets. May be repeated.
    void close() noexcept { server_.close(); }

    // ---- awaitables
    /// Returns: nothing, once it is closed. Throws: system_error. Cancellation: closes it.
    /// Fairness: yields to wait. Threads: the loop's.
    [[nodiscard]] coro<void> serve_forever() { return server_.serve_forever(); }
    /// Returns: nothing, once it is closed and the last handler in any loop has ended. Throws:
    /// nothing of its own. Cancellation: changes nothing. Fairness: yields to wait. Threads: the
    /// loop's.
    [[nodiscard]] coro<void> wait_closed() { return server_.wait_closed(); }
    /// Closes it, and lets the handlers end by themselves for as long as `grace`. The tasks of
    /// those that still run then are cancelled, in their loops, and waited for. Returns: whether
    /// all handlers ended by themselves. Throws: nothing of its own. Cancellation: leaves it
    /// closed; the handlers go on. Fairness: yields to wait. Threads: the loop's.
    template <class Rep, class Period>
    [[nodiscard]] coro<bool> shutdown(std::chrono::duration<Rep, Period> grace) {
        return server_.shutdown(grace);
    }

    // ---- observers
    std::uint16_t port() const { return server_.port(); }
    std::vector<address> sockets() const { return server_.sockets(); }
    /// How many handlers run, in all loops.
    std::size_t connections() const noexcept { return server_.connections(); }
    /// How many connections that loop has. Throws out_of_range.
    std::size_t connections_of(std::size_t loop) const;

private:
    server server_;
    std::shared_ptr<detail::dispatch> to_;
};

namespace detail {
coro<dispatcher> start_dispatcher_with(std::vector<connection_handler> handlers, loop_place here,
                                       std::string host, std::uint16_t port,
                                       server_options options);
}

/// Listens as start_server does, in the loop of `here`, and runs handler(stream) for each
/// connection in the loop that has fewest of them, this one among them. The handler is a coroutine
/// function or a lambda that may be copied, since each loop gets one of its own; what it refers to
/// is shared by the threads. What it throws is reported in the loop of the dispatcher.
///
/// Returns: the dispatcher, which accepts already. Throws: as start_server. Cancellation: nothing
/// listens. Fairness: yields only to look a name up. Threads: the loop's.
template <class F>
[[nodiscard]] coro<dispatcher> start_dispatcher(const loop_place& here, F&& handler,
                                                std::string host, std::uint16_t port,
                                                server_options options = {}) {
    detail::check_handler<F>();
    std::vector<connection_handler> handlers;
    for (std::size_t i = 0; i < here.count(); ++i) {
        handlers.emplace_back(std::decay_t<F>(handler));
    }
    return detail::start_dispatcher_with(std::move(handlers), here, std::move(host), port, options);
}

}  // namespace rondo
