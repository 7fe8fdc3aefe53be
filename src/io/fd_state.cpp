// SPDX-License-Identifier: MIT
#include "io/fd_state.hpp"

#include "io/loop_io.hpp"
#include "sys/sys.hpp"
#include <rondo/core/debug.hpp>
#include <rondo/core/event_loop.hpp>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace rondo::detail {

fd_state::~fd_state() { close(); }

void fd_state::begin_watch() {
    loop_core& running = running_core("waiting for a descriptor");
    check_loop("waiting for a descriptor");
    loop_io::of(running);  // whoever is told relies on it, and may not fail
    if (is_transport()) {
        readable_ = writable_ = true;  // what it said may have been about another loop
    } else {
        running.io().watch(*this, io_events::read | io_events::write);
        readable_ = writable_ = false;  // the driver tells what is ready now
    }
    loop_ = &running;
    loop_serial_ = running.serial();
    watched_ = true;
    finds_strangers_ = running.debug();
}

void fd_state::check_loop(const char* operation) const {
    if (watched_ && loop_ != nullptr && is_stranger_to(loop_, loop_serial_)) {
        throw std::runtime_error(std::string(operation) + ": file descriptor " +
                                 std::to_string(fd()) + " is used by another event loop");
    }
}

void fd_state::unwatch(bool is_about_to_be_closed) noexcept {
    if (!std::exchange(watched_, false)) {
        return;
    }
    const with_live_loop loop(loop_, loop_serial_);
    if (!loop) {
        return;
    }
    if (is_about_to_be_closed) {
        loop->io().forget(*this);
    } else {
        loop->io().watch(*this, io_events::none);
    }
}

void fd_state::close() noexcept {
    if (std::exchange(closed_, true)) {
        return;
    }
    if (is_transport()) {
        close_through();
    } else {
        // Of a pipe or a terminal somebody else may have a duplicate, where its watch would go on.
        unwatch(is_socket());
        if (ownership_ == ownership::owned) {
            sys::close(fd());
        }
    }
    turn_away(io_side::read);
    turn_away(io_side::write);
}

int fd_state::give_away() noexcept {
    closed_ = true;
    unwatch(false);
    return fd();
}

void fd_state::turn_away(io_side side) noexcept {
    if (io_waiter* waiter = std::exchange(waiter_at(side), nullptr)) {
        waiter->turned_away();
    }
}

void fd_state::on_ready(io_events events, bool hangup) noexcept {
    const auto keep = fd_ref::share(*this);  // a waiter may close the descriptor
    hung_up_ = hung_up_ || hangup;
    urgent_ = urgent_ || has(events, io_events::urgent);
    readable_ = readable_ || hangup || has(events, io_events::read);
    writable_ = writable_ || has(events, io_events::write);
    if (readable_) {
        let_try(io_side::read);
    }
    if (writable_ && !closed_) {
        let_try(io_side::write);
    }
}

void fd_state::let_try(io_side side) noexcept {
    io_waiter* waiter = std::exchange(waiter_at(side), nullptr);
    if (waiter != nullptr && !waiter->try_again() && !closed_) {
        waiter_at(side) = waiter;
    }
}

fd_ref own_fd(int fd, fd_kind kind) {
    try {
        return fd_ref::adopt(*new fd_state(fd, fd_state::ownership::owned, kind));
    } catch (...) {
        sys::close(fd);
        throw;
    }
}

fd_ref borrow_fd(int fd) {
    loop_core& loop = running_core("sock_*");
    if (loop.debug() && sys::is_nonblocking(fd) != 1) {
        throw std::invalid_argument("sock_*: file descriptor " + std::to_string(fd) +
                                    " must be non-blocking");
    }
    return loop_io::of(loop).borrow(fd);
}

void throw_io_error(int negative_errno, const std::string& what) {
    const int code = -negative_errno;
    const char* closed = code == EBADF ? ": it is closed" : "";
    throw std::system_error(code, std::generic_category(), what + closed);
}

std::ptrdiff_t check_io(std::ptrdiff_t result, const char* what) {
    if (result < 0) [[unlikely]] {
        throw_io_error(static_cast<int>(result), what);
    }
    return result;
}

}  // namespace rondo::detail
