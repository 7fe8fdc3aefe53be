// SPDX-License-Identifier: MIT
#include "io/fd_state.hpp"
#include "io/loop_io.hpp"
#include "sys/socket.hpp"
#include <rondo/core/event_loop.hpp>
#include <rondo/io/wait_readable.hpp>

namespace rondo {

namespace detail {

borrowed_fd::borrowed_fd(int fd)
    : borrowed_(loop_io::of(running_core("wait_readable")).borrow(fd)) {}
borrowed_fd::borrowed_fd(borrowed_fd&& other) noexcept = default;
borrowed_fd::~borrowed_fd() = default;

readiness_awaiter::readiness_awaiter(int fd, io_side side, const char* name)
    : borrowed_fd(fd), io_operation(*borrowed_, side, name), side_(side) {}

/// Asked anew each time: others may have read or written meanwhile, and no edge tells of that.
std::ptrdiff_t readiness_awaiter::attempt() noexcept {
    const int ready =
        sys::is_ready(fd(), side_ == io_side::read ? sys::half::read : sys::half::write);
    return ready == 0 ? -EAGAIN : ready;
}

void readiness_awaiter::await_resume() const {
    check_io(io_operation::await_resume(), operation());
}

}  // namespace detail

detail::readiness_awaiter wait_readable(int fd) {
    return detail::readiness_awaiter(fd, detail::io_side::read, "wait_readable");
}

detail::readiness_awaiter wait_writable(int fd) {
    return detail::readiness_awaiter(fd, detail::io_side::write, "wait_writable");
}

}  // namespace rondo
