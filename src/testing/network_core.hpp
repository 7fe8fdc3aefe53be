// SPDX-License-Identifier: MIT
#pragma once

#include "sys/doorkeeper.hpp"
#include "testing/sim_socket.hpp"
#include "testing/topology.hpp"
#include <rondo/base/detail/random.hpp>
#include <rondo/testing/network.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace rondo::testing {

/// The simulated network: the system calls of its sockets, and what happens between them.
/// sim_calls.cpp has the former, network_core.cpp the latter.
///
/// Invariants:
///  1. What a program does changes its own socket at once, and that of the other side by events
///     alone, which are ordered by time and then by creation.
///  2. Each open socket has a number of the kernel's, at which sockets_ has it; those that wait to
///     be accepted have none yet.
class network::core final : public sys::socket_calls, public sys::doorkeeper {
public:
    using sim_socket = simulation::sim_socket;
    using socket_ref = simulation::sim_socket_ref;
    using segment = simulation::segment;

    core(std::uint64_t seed, const time_point& clock, const network_link& between)
        : random_(seed), now_(clock), start_(clock), hosts_(between) {
        simulation::check_link(between);
    }
    ~core();

    // ---- what happens between sockets
    void connect(sim_socket& s);
    void send(sim_socket& s, segment what);
    void reset(sim_socket& s);
    void break_connection(sim_socket& s, int error);
    void close(const socket_ref& s);
    /// As much of what is held as the peer takes.
    void send_held(sim_socket& s);
    /// What the program has sent last; it is sent when all before it is.
    void send_end(sim_socket& s);
    /// Tells the peer how much was read, if it is worth telling.
    void open_window(sim_socket& s, std::size_t read);
    /// The peer, once connected, takes so much.
    void begin_windows(sim_socket& s) const;
    /// What waited behind a partition goes on.
    void release_stuck();
    void changed(sim_socket& s);

    int deliver();
    time_point next_event() const noexcept {
        return !changed_.empty() ? now_ : events_.empty() ? time_point::max() : events_.front().due;
    }
    void watch(fd_watch& watch, io_events interest);
    bool has(int fd) const noexcept { return find(fd) != nullptr; }
    bool watches_any() const noexcept { return watches_ > 0; }

    // ---- the parts
    simulation::topology& hosts() noexcept { return hosts_; }
    std::size_t open_sockets() const noexcept { return open_; }
    const std::string& log() const noexcept { return log_; }
    /// What was not done by one socket for another one.
    void note(const std::string& what);
    const detail::intrusive_list<sim_socket>& all() const noexcept { return all_; }
    socket_ref make(std::size_t host, bool ipv6);
    /// Gives a socket a number. -errno when there is none.
    int number(const socket_ref& s);

    // ---- at the door
    sys::socket_calls* sockets_of(int fd) noexcept override {
        return !retired_ && (fd < 0 || has(fd)) ? this : nullptr;
    }
    /// Nothing happens any more, and its sockets are none.
    void retire() noexcept { retired_ = true; }
    int socket_stream(sys::family f) noexcept override;
    int bind(int fd, const sys::socket_address& to) noexcept override;
    int listen(int fd, int backlog) noexcept override;
    int accept(int fd) noexcept override;
    int connect(int fd, const sys::socket_address& to) noexcept override;
    std::ptrdiff_t recv(int fd, void* to, std::size_t most) noexcept override;
    std::ptrdiff_t send(int fd, const void* from, std::size_t size) noexcept override;
    std::ptrdiff_t send_pieces(int fd, std::span<const std::string_view> pieces) noexcept override;
    int is_ready(int fd, sys::half which) noexcept override;
    int shutdown(int fd, sys::half which) noexcept override;
    std::ptrdiff_t unacknowledged(int fd) noexcept override;
    int getsockname(int fd, sys::socket_address& to) noexcept override;
    int getpeername(int fd, sys::socket_address& to) noexcept override;
    int set_option(int fd, sys::socket_option option, int value) noexcept override;
    int get_option(int fd, sys::socket_option option, int& value) noexcept override;
    void closes(int fd) noexcept override;
    int lookup(const char* host, std::vector<sys::socket_address>& found) override;

private:
    enum class event_kind : std::uint8_t {
        segment_arrives,
        connect_arrives,
        connect_fails,
        connect_times_out,
        stuck_too_long,
        reset_arrives,
    };
    struct event {
        time_point due;
        std::uint64_t order;
        event_kind what;
        int error;
        socket_ref who;

        friend bool operator>(const event& a, const event& b) noexcept {
            return a.due != b.due ? a.due > b.due : a.order > b.order;
        }
    };

    void schedule(nanoseconds after, event_kind what, sim_socket& who, int error = 0);
    void schedule_at(time_point due, event_kind what, sim_socket& who, int error = 0);
    void happen(const event& e);
    void arrive(sim_socket& from);
    void hand_over(sim_socket& from, sim_socket* to, segment what);
    void take_credit(sim_socket& s, const segment& what);
    void refuse_segment(sim_socket& from, sim_socket* to, segment::kind what);
    void send_reset(sim_socket& s);
    void lose(sim_socket& s, int error);
    void connect_arrives(sim_socket& client);
    void refuse(sim_socket& client, nanoseconds after, int error);
    void establish(sim_socket& client, sim_socket& listener);
    void fail_connect(sim_socket& s, int error);
    int tell(sim_socket& s);

    sim_socket* find(int fd) const noexcept {
        const auto at = static_cast<std::size_t>(fd);
        return fd >= 0 && at < sockets_.size() ? sockets_[at].get() : nullptr;
    }
    sim_socket* listener_at(std::size_t host, const address& a) const;
    bool is_taken(const sim_socket& by, const address& a) const;
    int take_port(sim_socket& s, const address& wanted);
    std::uint16_t free_port(const sim_socket& s);
    const network_link& link_of(const sim_socket& s) const {
        return hosts_.link(s.host, s.peer_host);
    }
    nanoseconds delay(const network_link& link);
    bool chance(double of_one) { return of_one > 0 && random_.uniform() < of_one; }
    /// Less than it could be, sometimes; then the rest can be had a moment later.
    std::size_t perhaps_short(sim_socket& s, std::size_t size);
    int bind_now(sim_socket& s, const address& wanted);
    int connect_now(sim_socket& s, const address& to);
    std::ptrdiff_t send_now(sim_socket& s, const char* from, std::size_t size);
    void note(const sim_socket& from, const char* what, std::size_t size = 0);

    random_source random_;
    const time_point& now_;
    time_point start_;
    simulation::topology hosts_;
    detail::intrusive_list<sim_socket> all_;  // in the order of their creation
    std::vector<socket_ref> sockets_;         // by number
    std::vector<event> events_;               // a heap: the next one is the first
    std::vector<std::weak_ptr<sim_socket>> changed_;
    std::vector<socket_ref> closing_;  // closed by the program, with something held
    std::uint64_t next_order_ = 0;
    std::size_t open_ = 0;
    int watches_ = 0;
    bool retired_ = false;
    std::uint16_t next_port_ = 40000;
    std::string log_;
};

namespace simulation {

/// Where what runs at the moment is.
std::size_t current_host();

}  // namespace simulation
}  // namespace rondo::testing
