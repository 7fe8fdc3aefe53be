// SPDX-License-Identifier: MIT

// What epoll does that a reader may not expect (epoll(7)):
//  - A descriptor that is closed leaves the set only when its last duplicate is closed, and its
//    number may be reused at once. Watches are therefore ended before their descriptor is closed,
//    and each event carries a generation, so that one that was fetched before is not mistaken.
//  - EPOLLERR and sys::epoll_hangup are always reported; they count as readable and writable, so
//  that the next
//    system call gets the error.
//  - Regular files cannot be watched (EPERM): they are always ready.
#include <rondo/driver/epoll.hpp>
#include <rondo/sys/sys.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <system_error>

namespace rondo {

namespace {

constexpr std::uint64_t wake_mark = ~std::uint64_t{0};

[[noreturn]] void fail(int negative_errno, const std::string& what) {
    throw std::system_error(-negative_errno, std::generic_category(), what);
}

std::uint64_t mark(int fd, unsigned generation) noexcept {
    return (std::uint64_t{generation} << 32) | static_cast<std::uint32_t>(fd);
}

std::uint32_t kernel_events(const fd_watch& watch, io_events interest) noexcept {
    return (has(interest, io_events::read) ? sys::epoll_in | sys::epoll_read_hangup : 0u) |
           (has(interest, io_events::write) ? sys::epoll_out : 0u) |
           (watch.edge() ? sys::epoll_edge : 0u);
}

}  // namespace

epoll_driver::epoll_driver() : epoll_(sys::epoll_create()) {
    if (epoll_ < 0) {
        fail(epoll_, "epoll_create1");
    }
    wake_ = sys::eventfd();
    const int added = wake_ < 0 ? wake_ : sys::epoll_add(epoll_, wake_, sys::epoll_in, wake_mark);
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

time_point epoll_driver::now() noexcept { return time_point(nanoseconds(sys::monotonic_now())); }

void epoll_driver::poll(wait until) {
    if (until.deadline == time_point::min()) {
        poll_once(nanoseconds::zero());
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
    for (int i = 0; i < count; ++i) {
        const sys::epoll_report event = events[static_cast<std::size_t>(i)];
        if (event.data == wake_mark) {
            sys::eventfd_clear(wake_);
            continue;
        }
        const slot& s = slots_[static_cast<std::uint32_t>(event.data)];
        if (s.watch == nullptr || s.generation != event.data >> 32) {
            continue;
        }
        const bool broken = (event.events & (sys::epoll_error | sys::epoll_hangup)) != 0;
        const bool hangup = broken || (event.events & sys::epoll_read_hangup) != 0;
        const bool readable = hangup || (event.events & sys::epoll_in) != 0;
        const bool writable = broken || (event.events & sys::epoll_out) != 0;
        s.watch->on_ready((readable ? io_events::read : io_events::none) |
                              (writable ? io_events::write : io_events::none),
                          hangup);
    }
    return count;
}

void epoll_driver::wake() noexcept { sys::eventfd_signal(wake_); }

void epoll_driver::watch(fd_watch& watch, io_events interest) {
    const auto index = static_cast<std::size_t>(watch.fd());
    if (slots_.size() <= index) {
        slots_.resize(index + 1);
    }
    slot& s = slots_[index];
    if (s.watch != nullptr && s.watch != &watch) {
        if (interest == io_events::none) {
            return;
        }
        throw std::runtime_error("file descriptor " + std::to_string(watch.fd()) +
                                 " is watched already, by a socket, a stream or add_reader");
    }
    if (interest == s.interest && (s.watch != nullptr || interest == io_events::none)) {
        return;
    }
    int result = 0;
    if (interest == io_events::none) {
        sys::epoll_remove(epoll_, watch.fd());  // fails when it was closed: it is gone either way
    } else if (s.watch == nullptr) {
        ++s.generation;
        result = sys::epoll_add(epoll_, watch.fd(), kernel_events(watch, interest),
                                mark(watch.fd(), s.generation));
    } else {
        result = sys::epoll_modify(epoll_, watch.fd(), kernel_events(watch, interest),
                                   mark(watch.fd(), s.generation));
    }
    if (result < 0) {
        fail(result, "watching file descriptor " + std::to_string(watch.fd()));
    }
    watched_ += (interest != io_events::none ? 1 : 0) - (s.watch != nullptr ? 1 : 0);
    s.watch = interest == io_events::none ? nullptr : &watch;
    s.interest = interest;
}

}  // namespace rondo
