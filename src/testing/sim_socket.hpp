// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/clock.hpp>
#include <rondo/core/driver.hpp>
#include <rondo/io/address.hpp>

#include <algorithm>
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
        credit,  // so many bytes were read, and so many more may be sent
        end,     // nothing more comes
        reset,
    };
    kind what;
    std::size_t size = 0;  // of data and credit
    std::string bytes{};
    std::size_t more = 0;  // of credit
    time_point due{};
};

/// Bytes that are put in at one end and taken out at the other.
class byte_queue {
public:
    std::size_t size() const noexcept { return bytes_.size() - begin_; }
    void append(const char* from, std::size_t n) { bytes_.append(from, n); }
    std::size_t take(char* to, std::size_t most) noexcept {
        const std::size_t n = bytes_.copy(to, most, begin_);
        begin_ += n;
        if (begin_ == bytes_.size()) {
            clear();
        } else if (begin_ > bytes_.size() / 2) {
            bytes_.erase(0, begin_);  // it may never get empty
            begin_ = 0;
        }
        return n;
    }
    void clear() noexcept {
        bytes_.clear();
        begin_ = 0;
    }

private:
    std::string bytes_;
    std::size_t begin_ = 0;
};

/// A simulated socket, or what is left of one that was closed while something of it was under way.
///
/// Invariants:
///  1. `out` is ordered by `due`; while it is not empty, exactly one event for its head is
///     scheduled, unless it is `stuck`.
///  2. `outstanding` counts the bytes that the program has sent and no credit has come for: those
///     that are `held`, under way, or unread at the peer.
///  3. Something is `held` only while the peer has no `room_at_peer`.
///  4. Segments are sent to `peer`, which may be gone; none before there is one.
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
    byte_queue in{};
    std::size_t in_room = 0;    // what it takes before the program reads
    std::size_t in_silent = 0;  // read, and the peer was not told yet
    bool in_ended = false;
    bool in_done = false;  // the end that the peer has sent
    bool in_shut = false;  // the program reads no more
    int error = 0;         // to be told once
    bool broken = false;   // reset: nothing goes any more
    bool told_connected = false;
    time_point connect_until{};
    std::deque<std::shared_ptr<sim_socket>> backlog{};
    std::size_t backlog_limit = 0;

    // What is to arrive at the peer.
    std::deque<segment> out{};
    byte_queue held{};             // sent by the program, but not to the peer
    std::size_t room_at_peer = 0;  // how many bytes its kernel takes
    std::size_t outstanding = 0;
    bool full = false;        // the program found no room
    bool end_held = false;    // behind what is held
    bool reset_sent = false;  // nothing that comes after that means anything
    time_point wire_free{};   // when the last byte has left
    time_point last_due{};
    time_point stuck_since{};
    bool stuck = false;  // behind a partition
    bool out_ended = false;

    fd_watch* watch = nullptr;
    io_events interest = io_events::none;
    bool changed = false;  // stands in the list of those whose watch is to be told

    std::size_t unread() const noexcept { return in.size(); }
    bool in_over() const noexcept { return in_ended || broken; }
    bool readable() const noexcept {
        return unread() > 0 || in_over() || error != 0 || !backlog.empty();
    }
    bool hung_up() const noexcept { return in_over() || error != 0; }
    std::size_t room(std::size_t window) const noexcept {
        return window - std::min(outstanding, window);
    }
    /// Whoever found no room is told when a third of it is free, and not at each byte.
    bool writable(std::size_t window) const noexcept {
        const std::size_t least = full ? std::max<std::size_t>(outstanding / 2, 1) : 1;
        return error != 0 || broken ||
               (state == phase::connected && (out_ended || room(window) >= least));
    }
};

using sim_socket_ref = std::shared_ptr<sim_socket>;

}  // namespace rondo::testing::simulation
