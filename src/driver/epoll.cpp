// SPDX-License-Identifier: MIT

// What epoll does that a reader may not expect (epoll(7)):
//  - A descriptor that is closed leaves the set only when its last duplicate is closed, and its
//    number may be reused at once. Watches are therefore ended, or forgotten, before their
//    descriptor is closed, and each event carries a generation, so that one that was fetched
//    before, or comes from a duplicate, is not mistaken.
//  - EPOLLERR and EPOLLHUP are always reported, asked for or not.
//  - Regular files cannot be watched (EPERM): they are always ready.
//    Where a duplicate was left behind that is ready by level, every wait would end at once, and
//    nobody could take it out of the set: then all that is watched goes into a new one.
//  - The child of a fork has the set of its parent: it would be told there what the child watches.
//  - An eventfd watched by edge need not be read: each write is a change.
#include "driver/epoll.hpp"

#include "driver/watching.hpp"
#include "sys/affinity.hpp"
#include "sys/process_id.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace rondo {

using detail::fail;

namespace {

constexpr std::uint64_t wake_mark = ~std::uint64_t{0};

/// So many polls in a row that meet a stray make it worthwhile to get rid of it.
constexpr int many_strays = 16;

std::uint32_t events_of(const fd_watch& watch, io_events interest) noexcept {
    return watch.edge() ? detail::kernel_edges(interest) | sys::epoll_edge
                        : detail::kernel_events(interest);
}

}  // namespace

epoll_driver::epoll_driver() { open(); }

epoll_driver::~epoll_driver() { close(); }

// ---- the set, and what wakes it

void epoll_driver::open() {
    epoll_ = sys::epoll_create();
    if (epoll_ < 0) {
        fail(epoll_, "epoll_create1");
    }
    wake_ = sys::eventfd();
    const int filled = wake_ < 0 ? wake_ : fill(epoll_);
    if (filled < 0) {
        close();
        fail(filled, "eventfd for waking an event loop");
    }
    process_ = sys::process_id();
}

void epoll_driver::close() noexcept {
    for (int* const fd : {&wake_, &epoll_}) {
        if (*fd >= 0) {
            sys::close(*fd);
        }
        *fd = -1;
    }
}

/// With all that is watched and still there; -errno.
int epoll_driver::fill(int set) noexcept {
    const int added = sys::epoll_add(set, wake_, sys::epoll_in | sys::epoll_edge, wake_mark);
    for (const slot& s : slots_) {
        if (added >= 0 && s.watch != nullptr) {
            const int fd = s.watch->fd();
            sys::epoll_add(set, fd, events_of(*s.watch, s.interest),
                           detail::mark_of(fd, s.generation));
        }
    }
    return added;
}

void epoll_driver::leave_parent() {
    if (process_ != sys::process_id()) [[unlikely]] {
        close();
        open();
        wake();  // whoever called it before meant the one that was closed
    }
}

/// A new set has none. Where the kernel gives none the old one goes on.
void epoll_driver::drop_strays() noexcept {
    const int set = sys::epoll_create();
    if (set >= 0) {
        const bool filled = fill(set) >= 0;
        sys::close(filled ? std::exchange(epoll_, set) : set);
    }
}

time_point epoll_driver::now() noexcept { return detail::clock_now(); }

void epoll_driver::poll(wait until) {
    const auto look = [this] { return poll_once(nanoseconds::zero()) > 0; };
    if (until.deadline == time_point::min()) {
        look();
    } else if (spin_.wanted() && spin_.until(until.deadline, look, detail::clock_now)) {
        return;
    } else if (until.deadline == time_point::max()) {
        poll_once(nanoseconds(-1));
    } else {
        poll_once(std::max(until.deadline - now(), nanoseconds::zero()));
    }
}

int epoll_driver::poll_once(nanoseconds at_most) {
    leave_parent();
    std::array<sys::epoll_report, 128> events;
    const int count = sys::epoll_wait(epoll_, events, at_most.count());
    if (count < 0) {
        fail(count, "epoll_pwait2");
    }
    const auto told = std::span(events).first(static_cast<std::size_t>(count));
    for (const sys::epoll_report& event : told) {
        if (event.data != wake_mark) {
            __builtin_prefetch(slots_[detail::index_of(event.data)].watch);
        }
    }
    bool stray = false;
    const unsigned ended_before = ended_;
    for (const sys::epoll_report event : told) {
        if (event.data == wake_mark) {
            continue;
        }
        const slot& s = slots_[detail::index_of(event.data)];
        if (s.watch == nullptr || s.generation != detail::generation_of(event.data)) {
            stray = stray || ended_ == ended_before;
            continue;
        }
        const detail::readiness now_ready = detail::readiness_of(event.events);
        s.watch->on_ready(now_ready.events, now_ready.hangup);
    }
    strays_ = stray ? strays_ + 1 : 0;
    if (strays_ >= many_strays) [[unlikely]] {
        strays_ = 0;
        drop_strays();
    }
    return count;
}

void epoll_driver::wake() noexcept { sys::eventfd_signal(wake_); }

void epoll_driver::spin_before_sleep(nanoseconds at_most) {
    spin_ = detail::spin(at_most, sys::online_cores());
}

void epoll_driver::watch(fd_watch& watch, io_events interest) {
    if (interest != io_events::none) {
        leave_parent();
    }
    const auto ends_if_lost = [this](fd_watch& other) {
        const bool lost = has_lost(other);
        if (lost) {
            forget(other);
        }
        return lost;
    };
    slot* const changing = detail::slot_to_change(slots_, watch, interest, ends_if_lost);
    if (changing == nullptr) {
        return;
    }
    if (interest == io_events::none) {
        if (process_ == sys::process_id()) {
            sys::epoll_remove(epoll_, watch.fd());  // fails when it was closed: gone either way
        }
        end_watch(*changing);
    } else {
        change_watch(*changing, watch, interest);
    }
}

void epoll_driver::change_watch(slot& s, fd_watch& watch, io_events interest) {
    const bool is_new = s.watch == nullptr;
    s.generation += is_new ? 1 : 0;
    const std::uint32_t events = events_of(watch, interest);
    const std::uint64_t mark = detail::mark_of(watch.fd(), s.generation);
    int result = is_new ? sys::epoll_add(epoll_, watch.fd(), events, mark) : -EEXIST;
    // It exists, too, where a duplicate of what was closed has come back to its number.
    if (result == -EEXIST) {
        result = sys::epoll_modify(epoll_, watch.fd(), events, mark);
    }
    if (result < 0) {
        detail::fail_to_watch(watch.fd(), result);
    }
    watched_ += is_new ? 1 : 0;
    s.watch = &watch;
    s.interest = interest;
}

void epoll_driver::end_watch(slot& s) noexcept {
    watched_ -= 1;
    ++ended_;
    s.watch = nullptr;
    s.interest = io_events::none;
}

/// A set knows what it watches not by its number: what was closed, it does not find there.
bool epoll_driver::has_lost(fd_watch& watch) {
    leave_parent();
    const auto index = static_cast<std::size_t>(watch.fd());
    if (index >= slots_.size() || slots_[index].watch != &watch) {
        return false;
    }
    const slot& s = slots_[index];
    const int found = sys::epoll_modify(epoll_, watch.fd(), events_of(watch, s.interest),
                                        detail::mark_of(watch.fd(), s.generation));
    return found == -ENOENT || found == -EBADF;
}

/// close() ends it in the kernel. Where somebody has a duplicate of the descriptor it goes on
/// there, and its events find nobody.
void epoll_driver::forget(fd_watch& watch) {
    const auto stays = [](fd_watch&) { return false; };
    if (slot* const forgotten = detail::slot_to_change(slots_, watch, io_events::none, stays)) {
        end_watch(*forgotten);
    }
}

}  // namespace rondo
