// SPDX-License-Identifier: MIT

// What epoll does that a reader may not expect (epoll(7)):
//  - A descriptor that is closed leaves the set only when its last duplicate is closed, and its
//    number may be reused at once. Watches are therefore ended, or forgotten, before their
//    descriptor is closed, and each event carries a generation, so that one that was fetched
//    before, or comes from a duplicate, is not mistaken.
//  - EPOLLERR and EPOLLHUP are always reported, asked for or not.
//  - Regular files cannot be watched (EPERM): they are always ready.
//  - An eventfd watched by edge need not be read: each write is a change.
#include "driver/watching.hpp"
#include <rondo/driver/epoll.hpp>
#include <rondo/sys/affinity.hpp>
#include <rondo/sys/sys.hpp>

#include <algorithm>
#include <array>
#include <cerrno>

namespace rondo {

using detail::fail;

namespace {

constexpr std::uint64_t wake_mark = ~std::uint64_t{0};

std::uint32_t events_of(const fd_watch& watch, io_events interest) noexcept {
    return watch.edge() ? detail::kernel_edges(interest) | sys::epoll_edge
                        : detail::kernel_events(interest);
}

}  // namespace

epoll_driver::epoll_driver() : epoll_(sys::epoll_create()) {
    if (epoll_ < 0) {
        fail(epoll_, "epoll_create1");
    }
    wake_ = sys::eventfd();
    const int added =
        wake_ < 0 ? wake_
                  : sys::epoll_add(epoll_, wake_, sys::epoll_in | sys::epoll_edge, wake_mark);
    if (added < 0) {
        sys::close(epoll_);
        if (wake_ >= 0) {
            sys::close(wake_);
        }
        fail(added, "eventfd for waking an event loop");
    }
}

epoll_driver::~epoll_driver() {
    sys::close(wake_);
    sys::close(epoll_);
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
    for (const sys::epoll_report event : told) {
        if (event.data == wake_mark) {
            continue;
        }
        const slot& s = slots_[detail::index_of(event.data)];
        if (s.watch == nullptr || s.generation != detail::generation_of(event.data)) {
            continue;
        }
        const detail::readiness now_ready = detail::readiness_of(event.events);
        s.watch->on_ready(now_ready.events, now_ready.hangup);
    }
    return count;
}

void epoll_driver::wake() noexcept { sys::eventfd_signal(wake_); }

void epoll_driver::spin_before_sleep(nanoseconds at_most) {
    spin_ = detail::spin(at_most, sys::online_cores());
}

void epoll_driver::watch(fd_watch& watch, io_events interest) {
    slot* const changing = detail::slot_to_change(slots_, watch, interest);
    if (changing == nullptr) {
        return;
    }
    if (interest == io_events::none) {
        sys::epoll_remove(epoll_, watch.fd());  // fails when it was closed: it is gone either way
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
    s.watch = nullptr;
    s.interest = io_events::none;
}

/// close() ends it in the kernel. Where somebody has a duplicate of the descriptor it goes on
/// there, and its events find nobody.
void epoll_driver::forget(fd_watch& watch) {
    if (slot* const forgotten = detail::slot_to_change(slots_, watch, io_events::none)) {
        end_watch(*forgotten);
    }
}

}  // namespace rondo
