// SPDX-License-Identifier: MIT
#include "driver/epoll.hpp"
#include "driver/io_uring.hpp"
#include "sys/socket.hpp"
#include <rondo/core/debug.hpp>
#include <rondo/core/driver.hpp>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace rondo {

namespace {

// The function exists as long as the program: it needs no order.
std::atomic<driver_factory> replaced{nullptr};

driver_kind kind_from_environment() {
    const char* value = std::getenv("RONDO_DRIVER");
    const std::string_view name = value != nullptr ? value : "";
    if (name == "auto" || name.empty()) {
        return driver_kind::automatic;
    }
    if (name == "epoll") {
        return driver_kind::epoll;
    }
    if (name == "io_uring") {
        return driver_kind::io_uring;
    }
    throw std::invalid_argument("RONDO_DRIVER=" + std::string(name) +
                                " is not known; it may be auto, epoll or io_uring");
}

/// epoll where nobody asked for anything else, because it works everywhere
/// (docs/explanation/drivers.md).
box<driver> make_kernel_driver(driver_kind kind) {
    if (kind == driver_kind::io_uring) {
        return make_box<io_uring_driver>();
    }
    return make_box<epoll_driver>();
}

}  // namespace

int driver::start(kernel_operation&, const detail::ring_request&) noexcept { return -ENOSYS; }

void driver::recv_each(sys::socket_transfer* first, std::size_t count) noexcept {
    sys::recv_each({first, count});
}

void driver::send_each(sys::socket_transfer* first, std::size_t count) noexcept {
    sys::send_each({first, count});
}

driver_factory set_driver_factory(driver_factory factory) noexcept {
    return replaced.exchange(factory);
}

box<driver> detail::make_driver(driver_kind kind) {
    if (const driver_factory factory = replaced.load()) {
        return factory(kind);
    }
    if (kind == driver_kind::automatic) {
        kind = kind_from_environment();
    }
    box<driver> made = make_kernel_driver(kind);
    if (debug_mode()) {
        warn("event loop on " + std::string(made->name()));
    }
    return made;
}

}  // namespace rondo
