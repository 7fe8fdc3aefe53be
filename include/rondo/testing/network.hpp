// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/core/clock.hpp>
#include <rondo/core/context_var.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/driver.hpp>
#include <rondo/io/stream.hpp>
#include <rondo/testing/network_link.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace rondo::testing {

/// Simulated hosts, and what lies between them. TCP sockets that are made in the loop's thread
/// while a simulation with a network runs belong to it: `start_server`, `open_connection` and the
/// rest work as they do elsewhere, and no byte leaves the process.
///
///     coro<void> main_() {
///         auto& net = testing::running_network();
///         auto serving = create_task(testing::at_host("shop", serve()));
///         auto buying = create_task(testing::at_host("customer", buy_from("shop")));
///         co_await sleep(1s);
///         net.partition("shop", "customer");
///         …
///     }
///     testing::run(main_(), {.seed = 7, .network = testing::network_link{.jitter = 5ms}});
///
/// A host is there as soon as it is named, by `at_host` or by a member of this class, and its name
/// can be looked up; what runs at none runs at "main". Sockets go on working as Linux's TCP does:
/// what was sent arrives once and in order, however late; a port that nobody listens at refuses; a
/// packet for a socket that is gone is answered by a reset, and whoever closes with something
/// unread sends one; what has arrived before a reset can be read, and what its sender still had is
/// lost; a connect that nobody answers fails after 127 s, and a connection whose bytes do not get
/// through after 924 s (ETIMEDOUT).
///
/// Everything happens on the virtual clock, and is drawn from the seed of the run: the same seed,
/// and the same program, give the same log. Threads: the loop's.
class network {
public:
    network(std::uint64_t seed, const time_point& clock, const network_link& between);
    network(const network&) = delete;
    network& operator=(const network&) = delete;
    ~network();

    // ---- operations. Throw invalid_argument for a link that cannot be.
    /// For all hosts.
    void set_link(const network_link& link);
    /// Both ways; nullopt: as for all.
    void set_link(std::string_view host, std::string_view other, std::optional<network_link> link);
    /// From now on nothing gets through, either way.
    void partition(std::string_view host, std::string_view other);
    /// A host from all others.
    void isolate(std::string_view host);
    /// What waited gets through again, after a while.
    void heal(std::string_view host, std::string_view other);
    /// Everything.
    void heal();
    /// Resets every connection of a host; both ends get ECONNRESET.
    void reset_connections(std::string_view host);
    /// Two connected streams with nothing in between: what is written can be read at once.
    std::pair<stream, stream> stream_pair(std::size_t limit = stream::default_limit);

    // ---- observers
    /// Where a host is.
    address address_of(std::string_view host);
    /// Sockets that are open.
    std::size_t open_sockets() const noexcept;
    /// What has happened, a line for each: "0.002000000 10.0.0.1:40000 > 10.0.0.2:80 data 5".
    const std::string& log() const noexcept;

    // ---- for the driver and for at_host
    std::size_t host_number(std::string_view host);
    void watch(fd_watch& watch, io_events interest);
    /// Whether this is the descriptor of a simulated socket.
    bool has(int fd) const noexcept;
    bool watches_any() const noexcept;
    /// Lets happen what is due, and tells the watches; how many were told.
    int deliver();
    /// When something happens next; time_point::max() for never.
    time_point next_event() const noexcept;
    void retire() noexcept;

    class core;

private:
    box<core> core_;
};

/// The network of the running simulation; throws runtime_error when it has none.
network& running_network();

namespace simulation {

/// Puts the running task at a host for as long as it lives.
class host_visit {
public:
    explicit host_visit(std::string_view host);
    host_visit(const host_visit&) = delete;
    host_visit& operator=(const host_visit&) = delete;
    ~host_visit();

private:
    context_token<std::size_t> before_;
};

}  // namespace simulation

/// Runs `body` at a host: its sockets, and those of the tasks that it starts, are there.
/// Returns: what `body` returns. Throws: what it throws, and runtime_error without a simulated
/// network. Cancellation: that of `body`. Fairness: that of `body`. Threads: the loop's.
template <class T>
coro<T> at_host(std::string host, coro<T> body) {
    const simulation::host_visit visit(host);
    co_return co_await std::move(body);
}

/// Two connected streams, in memory: what is written to one can be read from the other. In a
/// simulation, with a network or without; `limit` is that of readline and readuntil. Throws
/// runtime_error outside of one.
std::pair<stream, stream> memory_stream_pair(std::size_t limit = stream::default_limit);

}  // namespace rondo::testing
