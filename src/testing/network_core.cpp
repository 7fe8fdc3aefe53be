// SPDX-License-Identifier: MIT
#include "testing/network_core.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <utility>

namespace rondo::testing {

namespace {

using phase = simulation::sim_socket::phase;
using kind = simulation::segment::kind;

// How long TCP goes on trying, as Linux does by default: tcp_syn_retries, tcp_retries2.
constexpr nanoseconds connect_patience = std::chrono::seconds(127);
constexpr nanoseconds send_patience = std::chrono::seconds(924);
constexpr nanoseconds connect_again = std::chrono::seconds(1);
constexpr nanoseconds send_again = std::chrono::milliseconds(200);

/// What a kernel takes before its program has read something: the first window of Linux. It grows
/// with a program that reads.
constexpr std::size_t first_window = 64 * 1024;

/// How much of what may be sent and not read the peer's kernel has at most.
std::size_t half_of(std::size_t window) noexcept { return std::max<std::size_t>(window / 2, 1); }

/// A reset that comes after the end of what the other side sends means that nobody reads.
int reset_error(const simulation::sim_socket& s) noexcept { return s.in_done ? EPIPE : ECONNRESET; }

}  // namespace

network::core::~core() {
    while (all_.pop_front() != nullptr) {
    }
}

// ---- time

void network::core::schedule(nanoseconds after, event_kind what, sim_socket& who, int error) {
    schedule_at(now_ + after, what, who, error);
}

void network::core::schedule_at(time_point due, event_kind what, sim_socket& who, int error) {
    events_.push_back({due, next_order_++, what, error, who.shared_from_this()});
    std::push_heap(events_.begin(), events_.end(), std::greater<>());
}

nanoseconds network::core::delay(const network_link& link) {
    const auto jitter = static_cast<std::uint64_t>(link.jitter.count());
    const std::uint64_t more = jitter == 0 ? 0 : random_.below(jitter + 1);
    return link.latency + nanoseconds(static_cast<std::int64_t>(more));
}

int network::core::deliver() {
    while (!events_.empty() && events_.front().due <= now_) {
        std::pop_heap(events_.begin(), events_.end(), std::greater<>());
        const event next = std::move(events_.back());
        events_.pop_back();
        happen(next);
    }
    int told = 0;
    for (auto waiting = std::exchange(changed_, {}); !waiting.empty();) {
        const std::size_t at = random_.below(waiting.size());
        const socket_ref s = waiting[at].lock();
        waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(at));
        told += s != nullptr ? tell(*s) : 0;
    }
    return told;
}

void network::core::happen(const event& e) {
    switch (e.what) {
        case event_kind::segment_arrives:
            arrive(*e.who);
            break;
        case event_kind::connect_arrives:
            connect_arrives(*e.who);
            break;
        case event_kind::connect_fails:
            fail_connect(*e.who, e.error);
            break;
        case event_kind::connect_times_out:
            if (e.who->connect_until <= now_) {
                fail_connect(*e.who, ETIMEDOUT);
            }
            break;
        case event_kind::stuck_too_long:
            if (e.who->stuck && e.who->stuck_since + send_patience <= now_) {
                break_connection(*e.who, ETIMEDOUT);
            }
            break;
        case event_kind::reset_arrives:
            break_connection(*e.who, reset_error(*e.who));
            break;
    }
}

// ---- watches

void network::core::changed(sim_socket& s) {
    if (s.watch != nullptr && !std::exchange(s.changed, true)) {
        changed_.push_back(s.weak_from_this());
    }
}

/// 1 if the watch had something to be told. Edges are told once, levels again and again.
int network::core::tell(sim_socket& s) {
    s.changed = false;
    if (s.watch == nullptr) {
        return 0;
    }
    const bool read = s.readable() && rondo::has(s.interest, io_events::read);
    const bool write = s.writable(link_of(s).window) && rondo::has(s.interest, io_events::write);
    if (!read && !write) {
        return 0;
    }
    if (!s.watch->edge()) {
        changed(s);
    }
    s.watch->on_ready(
        (read ? io_events::read : io_events::none) | (write ? io_events::write : io_events::none),
        s.hung_up());
    return 1;
}

void network::core::watch(fd_watch& watch, io_events interest) {
    sim_socket& s = *find(watch.fd());
    if (s.watch != nullptr && s.watch != &watch) {
        if (interest == io_events::none) {
            return;
        }
        throw std::runtime_error("file descriptor " + std::to_string(watch.fd()) +
                                 " is watched already, by a socket, a stream or add_reader");
    }
    watches_ += (interest != io_events::none ? 1 : 0) - (s.watch != nullptr ? 1 : 0);
    s.watch = interest == io_events::none ? nullptr : &watch;
    s.interest = interest;
    changed(s);
}

// ---- connecting

void network::core::connect(sim_socket& s) {
    s.state = phase::connecting;
    s.told_connected = false;
    note(s, "connects");
    s.connect_until = now_ + connect_patience;
    schedule(connect_patience, event_kind::connect_times_out, s);
    schedule(delay(link_of(s)), event_kind::connect_arrives, s);
}

void network::core::connect_arrives(sim_socket& client) {
    if (client.state != phase::connecting || !client.open) {
        return;
    }
    const network_link& link = link_of(client);
    sim_socket* const listener = listener_at(client.peer_host, client.remote);
    const bool full = listener != nullptr && listener->backlog.size() >= listener->backlog_limit;
    if (hosts_.is_cut(client.host, client.peer_host) || full || chance(link.losses)) {
        schedule(connect_again, event_kind::connect_arrives, client);
    } else if (listener == nullptr || chance(link.refusals)) {
        refuse(client, delay(link), ECONNREFUSED);
    } else {
        establish(client, *listener);
    }
}

void network::core::refuse(sim_socket& client, nanoseconds after, int error) {
    schedule(after, event_kind::connect_fails, client, error);
}

void network::core::establish(sim_socket& client, sim_socket& listener) {
    const socket_ref made = make(listener.host, listener.ipv6);
    made->state = phase::connected;
    begin_windows(*made);
    made->local = client.remote;
    made->remote = client.local;
    made->peer_host = client.host;
    made->peer = client.weak_from_this();
    client.peer = made;
    begin_windows(client);
    listener.backlog.push_back(made);
    changed(listener);
    send(*made, {kind::established});
}

void network::core::fail_connect(sim_socket& s, int error) {
    if (s.state != phase::connecting || !s.open) {
        return;
    }
    note(s, error == ETIMEDOUT ? "timed out" : "refused");
    s.state = phase::fresh;
    s.error = error;
    changed(s);
}

// ---- segments

void network::core::send(sim_socket& s, segment what) {
    const network_link& link = link_of(s);
    time_point leaves = std::max(now_, s.wire_free);
    if (what.what == kind::data && link.bytes_per_second > 0) {
        leaves += nanoseconds(static_cast<std::int64_t>(
            static_cast<double>(what.size) * 1e9 / static_cast<double>(link.bytes_per_second)));
        s.wire_free = leaves;
    }
    what.due = std::max(leaves + delay(link), s.last_due);
    if (chance(link.losses)) {
        what.due += send_again;
    }
    s.last_due = what.due;
    s.out.push_back(std::move(what));
    if (s.out.size() == 1 && !s.stuck) {
        schedule_at(s.out.front().due, event_kind::segment_arrives, s);
    }
}

void network::core::arrive(sim_socket& from) {
    if (from.out.empty()) {
        return;  // the connection was broken meanwhile
    }
    if (hosts_.is_cut(from.host, from.peer_host)) {
        from.stuck = true;
        from.stuck_since = now_;
        schedule(send_patience, event_kind::stuck_too_long, from);
        return;
    }
    segment what = std::move(from.out.front());
    from.out.pop_front();
    if (!from.out.empty()) {
        schedule_at(from.out.front().due, event_kind::segment_arrives, from);
    }
    const socket_ref to = from.peer.lock();
    hand_over(from, to.get(), std::move(what));
}

void network::core::hand_over(sim_socket& from, sim_socket* to, segment what) {
    const bool is_peer = to != nullptr && to->peer.lock().get() == &from;
    if (what.what == kind::credit) {
        if (is_peer && !to->broken && !to->reset_sent) {
            take_credit(*to, what);
        }
        return;
    }
    if (what.what == kind::reset && is_peer) {
        note(from, "reset");
        break_connection(*to, reset_error(*to));
        return;
    }
    const bool unwanted = !is_peer || !to->open ||
                          (what.what == kind::established && to->state != phase::connecting) ||
                          (what.what == kind::data && to->in_shut && to->out_ended);
    if (unwanted) {
        refuse_segment(from, is_peer ? to : nullptr, what.what);
        return;
    }
    if (to->broken) {
        return;
    }
    switch (what.what) {
        case kind::established:
            note(from, "accepts");
            to->state = phase::connected;
            break;
        case kind::data:
            note(from, "data", what.size);
            to->in.append(what.bytes.data(), what.size);
            break;
        case kind::credit:
            break;
        case kind::end:
            note(from, "end");
            to->in_ended = to->in_done = true;
            break;
        case kind::reset:
            break;
    }
    changed(*to);
}

/// What is under way to `from` comes first, as it was sent before; what is held does not.
void network::core::refuse_segment(sim_socket& from, sim_socket* to, kind what) {
    if (what != kind::established && what != kind::data) {
        return;
    }
    if (to == nullptr || to->state != phase::connected) {
        schedule(delay(link_of(from)), event_kind::reset_arrives, from);
        return;
    }
    if (!to->broken) {
        send_reset(*to);
        lose(*to, ECONNRESET);
    }
}

void network::core::send_reset(sim_socket& s) {
    s.held.clear();
    s.end_held = false;
    if (!std::exchange(s.reset_sent, true)) {
        send(s, {kind::reset});
    }
}

// ---- windows

void network::core::begin_windows(sim_socket& s) const {
    s.in_room = s.room_at_peer = std::min(half_of(link_of(s).window), first_window);
}

void network::core::send_held(sim_socket& s) {
    while (s.held.size() > 0 && s.room_at_peer > 0) {
        const std::size_t size = std::min({link_of(s).segment, s.held.size(), s.room_at_peer});
        std::string bytes(size, '\0');
        s.held.take(bytes.data(), size);
        s.room_at_peer -= size;
        send(s, {kind::data, size, std::move(bytes)});
    }
    if (s.held.size() == 0 && std::exchange(s.end_held, false)) {
        send(s, {kind::end});
        std::erase_if(closing_, [&](const socket_ref& other) { return other.get() == &s; });
    }
}

void network::core::send_end(sim_socket& s) {
    s.out_ended = s.end_held = true;
    send_held(s);
}

void network::core::take_credit(sim_socket& s, const segment& what) {
    s.outstanding -= what.size;
    s.room_at_peer += what.size + what.more;
    send_held(s);
    changed(s);
}

/// As Linux: when the window would become twice what the peer believes it to be, and not for so
/// little that small pieces would come.
void network::core::open_window(sim_socket& s, std::size_t read) {
    s.in_silent += read;
    const network_link& link = link_of(s);
    const std::size_t most = half_of(link.window);
    const std::size_t all = std::min(s.in_room, most);
    const std::size_t free = all - std::min(s.unread(), all);
    const std::size_t believed = free - std::min(s.in_silent, free);
    const std::size_t least = std::max(all / 16, std::min(link.segment, all / 2));
    if (free < 2 * believed || free < least) {
        return;
    }
    const std::size_t more = std::min(s.in_room, most - all);
    s.in_room += more;
    send(s, {kind::credit, std::exchange(s.in_silent, 0), {}, more});
}

// ---- the end of a connection

/// Both ends learn of it when their turn comes, as if somebody between them had done it.
void network::core::reset(sim_socket& s) {
    note(s, "is reset");
    schedule(delay(link_of(s)), event_kind::reset_arrives, s);
    if (const socket_ref peer = s.peer.lock()) {
        schedule(delay(link_of(s)), event_kind::reset_arrives, *peer);
    }
}

void network::core::break_connection(sim_socket& s, int error) {
    if (s.broken || s.state != phase::connected) {
        return;
    }
    s.out.clear();
    s.stuck = false;
    lose(s, error);
}

/// What is under way still arrives.
void network::core::lose(sim_socket& s, int error) {
    s.broken = true;
    s.error = error;
    s.held.clear();
    s.end_held = false;
    changed(s);
    std::erase_if(closing_, [&](const socket_ref& other) { return other.get() == &s; });
}

void network::core::release_stuck() {
    for (sim_socket* s = all_.front(); s != nullptr; s = all_.after(*s)) {
        if (!s->stuck || hosts_.is_cut(s->host, s->peer_host)) {
            continue;
        }
        s->stuck = false;
        const auto wait = static_cast<std::int64_t>(
            random_.below(static_cast<std::uint64_t>(send_again.count())));
        schedule(nanoseconds(wait), event_kind::segment_arrives, *s);
    }
}

void network::core::close(const socket_ref& s) {
    s->open = false;
    for (const socket_ref& waiting : std::exchange(s->backlog, {})) {
        send(*waiting, {kind::reset});
        waiting->open = false;
    }
    if (s->state != phase::connected || s->broken) {
        return;
    }
    if (s->unread() > 0) {
        send_reset(*s);
    } else if (!s->out_ended) {
        send_end(*s);
    }
    if (s->end_held) {
        closing_.push_back(s);
    }
}

// ---- sockets

network::core::socket_ref network::core::make(std::size_t host, bool ipv6) {
    // What is left of a closed socket goes when its last segment has arrived.
    const socket_ref made(new sim_socket, [this](sim_socket* s) {
        if (s->linked()) {
            all_.remove(*s);
        }
        delete s;
    });
    made->host = host;
    made->peer_host = host;
    made->ipv6 = ipv6;
    made->local = address(ipv6 ? "::" : "0.0.0.0", 0);
    all_.push_back(*made);
    return made;
}

int network::core::number(const socket_ref& s) {
    const int fd = sys::spare_descriptor();
    if (fd < 0) {
        return fd;
    }
    const auto at = static_cast<std::size_t>(fd);
    sockets_.resize(std::max(sockets_.size(), at + 1));
    sockets_[at] = s;
    ++open_;
    return fd;
}

void network::core::note(const std::string& what) {
    const auto since = (now_ - start_).count();
    char time[40];
    std::snprintf(time, sizeof time, "%lld.%09lld ", static_cast<long long>(since / 1'000'000'000),
                  static_cast<long long>(since % 1'000'000'000));
    log_ += time + what + '\n';
}

void network::core::note(const sim_socket& from, const char* what, std::size_t size) {
    std::string line = from.local.to_string() + " > " + from.remote.to_string() + ' ' + what;
    note(size > 0 ? line + ' ' + std::to_string(size) : line);
}

}  // namespace rondo::testing
