// SPDX-License-Identifier: MIT
#pragma once

#include "sys/process.hpp"
#include "sys/sys.hpp"
#include <rondo/core/clock.hpp>
#include <rondo/core/driver.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

/// What the kernel's drivers have in common. epoll and poll speak of readiness in the same bits.
namespace rondo::detail {

[[noreturn]] inline void fail(int negative_errno, const std::string& what) {
    throw std::system_error(-negative_errno, std::generic_category(), what);
}

[[noreturn]] inline void fail_to_watch(int fd, int negative_errno) {
    fail(negative_errno, "watching file descriptor " + std::to_string(fd));
}

/// Throws system_error for a number far above all that came before unless it is a descriptor's: a
/// table that goes up to it would take memory for nothing.
inline void check_number(int fd, std::size_t table) {
    constexpr std::size_t far = 1024;
    if (static_cast<std::size_t>(fd) > table + far && !sys::is_open(fd)) {
        fail_to_watch(fd, -EBADF);
    }
}

inline time_point clock_now() noexcept { return time_point(nanoseconds(sys::monotonic_now())); }

/// What the kernel gives back with each event of one watch, and of no later one at that number.
inline std::uint64_t mark_of(int fd, unsigned generation) noexcept {
    return (std::uint64_t{generation} << 32) | static_cast<std::uint32_t>(fd);
}
inline std::size_t index_of(std::uint64_t mark) noexcept {
    return static_cast<std::uint32_t>(mark);
}
inline unsigned generation_of(std::uint64_t mark) noexcept {
    return static_cast<unsigned>(mark >> 32);
}

inline std::uint32_t kernel_events(io_events interest) noexcept {
    return (has(interest, io_events::read) ? sys::epoll_in | sys::epoll_read_hangup : 0u) |
           (has(interest, io_events::write) ? sys::epoll_out : 0u);
}

/// The same for what is watched by edge. By level urgent data would be told again and again, until
/// something behind it is read.
inline std::uint32_t kernel_edges(io_events interest) noexcept {
    return kernel_events(interest) | (has(interest, io_events::read) ? sys::epoll_urgent : 0u);
}

struct readiness {
    io_events events;
    bool hangup;
};

/// Errors and hang-ups count as readable and writable, so that the next system call gets the error.
inline readiness readiness_of(std::uint32_t kernel_events) noexcept {
    const bool broken = (kernel_events & (sys::epoll_error | sys::epoll_hangup)) != 0;
    const bool hangup = broken || (kernel_events & sys::epoll_read_hangup) != 0;
    const bool urgent = (kernel_events & sys::epoll_urgent) != 0;
    const bool readable = hangup || urgent || (kernel_events & sys::epoll_in) != 0;
    const bool writable = broken || (kernel_events & sys::epoll_out) != 0;
    return {(readable ? io_events::read : io_events::none) |
                (writable ? io_events::write : io_events::none) |
                (urgent ? io_events::urgent : io_events::none),
            hangup};
}

/// The slot of what `watch` is about to change; null when nothing is to be done. Slots stand at the
/// number of their descriptor, and have the members `watch` and `interest`. Another watch at that
/// number makes room if it has lost what it watched: `ends_if_lost` tells, and ends it.
template <class Slot, class EndsIfLost>
Slot* slot_to_change(std::vector<Slot>& slots, const fd_watch& watch, io_events interest,
                     EndsIfLost ends_if_lost) {
    const auto index = static_cast<std::size_t>(watch.fd());
    if (slots.size() <= index) {
        if (interest == io_events::none) {
            return nullptr;
        }
        check_number(watch.fd(), slots.size());
        slots.resize(index + 1);
    }
    Slot& slot = slots[index];
    if (slot.watch != nullptr && slot.watch != &watch) {
        if (interest == io_events::none) {
            return nullptr;
        }
        if (ends_if_lost(*slot.watch)) {
            return &slot;
        }
        throw std::runtime_error("file descriptor " + std::to_string(watch.fd()) +
                                 " is watched already, by a socket, a stream or add_reader");
    }
    return interest == slot.interest ? nullptr : &slot;
}

}  // namespace rondo::detail
