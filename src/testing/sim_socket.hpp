// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/intrusive_list.hpp>
#include <rondo/core/clock.hpp>
#include <rondo/core/driver.hpp>
#include <rondo/net/address.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace rondo::testing::simulation {

/// What one end of a connection sends to the other. Segments arrive in the order in which they were
/// sent.
struct segment {
    enum class kind : std::uint8_t {
        established,  // the answer to a connect
        data,
        credit,  // so many bytes were read, and may be sent again
        end,     // nothing more comes
        reset,
    };
    kind what;
    std::size_t size = 0;  // of data and credit
    std::string bytes{};
    time_point due{};
};

/// A simulated socket, or what is left of one that was closed while something of it was under way.
///
/// Invariants:
///  1. `out` is ordered by `due`; while it is not empty, exactly one event for its head is
///     scheduled, unless it is `stuck`.
///  2. `outstanding` counts the bytes sent for which no credit has come.
///  3. Segments are sent to `peer`, which may be gone; none before there is one.
struct sim_socket : detail::list_node, std::enable_shared_from_this<sim_socket> {
    enum class phase : std::uint8_t { fresh, listening, connecting, connected };

    std::size_t host = 0;
    std::size_t peer_host = 0;
    bool ipv6 = false;
    address local{};
    address remote{};
    phase state = phase::fresh;
    bool open = true;    // false: the program has closed it
    bool bound = false;  // it holds its port
    bool reuse_port = false;
    std::weak_ptr<sim_socket> peer{};

    // What has arrived.
    std::string in{};
    std::size_t in_begin = 0;
    bool in_ended = false;
    int error = 0;        // to be told once
    bool broken = false;  // reset: nothing goes any more
    bool told_connected = false;
    time_point connect_until{};
    std::deque<std::shared_ptr<sim_socket>> backlog{};
    std::size_t backlog_limit = 0;

    // What is to arrive at the peer.
    std::deque<segment> out{};
    std::size_t outstanding = 0;
    time_point wire_free{};  // when the last byte has left
    time_point last_due{};
    time_point stuck_since{};
    bool stuck = false;  // behind a partition
    bool out_ended = false;

    fd_watch* watch = nullptr;
    io_events interest = io_events::none;
    bool changed = false;  // stands in the list of those whose watch is to be told

    std::size_t unread() const noexcept { return in.size() - in_begin; }
    bool in_over() const noexcept { return in_ended || broken; }
    bool readable() const noexcept {
        return unread() > 0 || in_over() || error != 0 || !backlog.empty();
    }
    bool hung_up() const noexcept { return in_over() || error != 0; }
    bool writable(std::size_t window) const noexcept {
        return error != 0 || broken ||
               (state == phase::connected && (out_ended || outstanding < window));
    }
    std::size_t take(char* to, std::size_t most) noexcept {
        const std::size_t n = in.copy(to, most, in_begin);
        in_begin += n;
        if (in_begin == in.size()) {
            in.clear();
            in_begin = 0;
        } else if (in_begin > in.size() / 2) {
            in.erase(0, in_begin);  // it may never get empty
            in_begin = 0;
        }
        return n;
    }
};

using sim_socket_ref = std::shared_ptr<sim_socket>;

}  // namespace rondo::testing::simulation
