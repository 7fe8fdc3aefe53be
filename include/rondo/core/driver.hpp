// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rondo {

namespace detail {
struct ring_request;
struct socket_transfer;
}  // namespace detail

/// Which part of the kernel a loop waits on.
enum class driver_kind : std::uint8_t {
    automatic,  // the environment variable RONDO_DRIVER, else epoll
    epoll,
    io_uring,  // throws std::system_error where the kernel refuses it
};

/// Readiness of a file descriptor; values combine. `urgent` is only told, of what is watched by
/// edge: reads stop before a byte that TCP's other side has marked, though more has come.
enum class io_events : std::uint8_t { none = 0, read = 1, write = 2, urgent = 4 };
constexpr io_events operator|(io_events a, io_events b) noexcept {
    return static_cast<io_events>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has(io_events set, io_events one) noexcept { return (set | one) == set; }

/// One file descriptor that a driver watches; owned by whoever wants to know.
class fd_watch {
public:
    /// `edge`: tell about changes only; otherwise about each poll for as long as it is ready.
    /// `is_socket`: surely one, so that no driver need ask, and nobody else's.
    fd_watch(int fd, bool edge, bool is_socket = false) noexcept
        : fd_(fd), edge_(edge), is_socket_(is_socket) {}
    fd_watch(const fd_watch&) = delete;
    fd_watch& operator=(const fd_watch&) = delete;

    /// What is ready. Errors and hang-ups count as ready for both. `hangup`: the peer is gone or
    /// has closed its side, which stays true. Called from poll().
    virtual void on_ready(io_events events, bool hangup) noexcept = 0;

    int fd() const noexcept { return fd_; }
    bool edge() const noexcept { return edge_; }
    bool is_socket() const noexcept { return is_socket_; }

protected:
    ~fd_watch() = default;

private:
    int fd_;
    bool edge_;
    bool is_socket_;
};

/// Something that the kernel does while the loop goes on, such as reading a file; owned by whoever
/// waits for it. In a list while the kernel has it.
class kernel_operation : public detail::list_node {
public:
    /// What the system call would have given, or -errno. Called from start(), poll() and end().
    virtual void on_done(std::int32_t result) noexcept = 0;

protected:
    ~kernel_operation() = default;
};

/// What a loop needs of the world: the time, and to wait. Implemented by epoll, by io_uring and
/// by the simulator; all virtual, because an indirect call is noise beside a system call.
/// Loop-thread only, except wake().
class driver {
public:
    virtual ~driver() = default;

    virtual std::string_view name() const noexcept = 0;
    virtual time_point now() noexcept = 0;

    struct wait {
        /// Until then at the latest; time_point::min() means look and do not wait.
        time_point deadline;
        /// Other threads owe the loop something and will wake it.
        bool threads_at_work;
    };
    /// Tells every watch that is ready, or waits for one, for wake() or for the deadline.
    virtual void poll(wait until) = 0;

    /// Ends the current or the next poll(). Any thread, and signal handlers.
    virtual void wake() noexcept = 0;

    /// Starts, changes or (io_events::none) ends watching. Throws std::system_error.
    virtual void watch(fd_watch& watch, io_events interest) = 0;
    /// Whether what it watches was closed meanwhile, so that nothing of it will be told; its number
    /// may be that of something else by now. Watches by level may be left so. Throws
    /// std::system_error.
    virtual bool has_lost(fd_watch&) { return false; }
    /// Ends watching what is going to be closed at once.
    virtual void forget(fd_watch& watch) { this->watch(watch, io_events::none); }

    /// The loop is closed, and polls no more: nothing that it watched may be held open. Ends what
    /// is watched, so that no watch need be ended any more.
    virtual void retire() noexcept {}

    // ---- several transfers at once
    /// recv() or send() for each of `count` sockets, none of which stands there twice, in whatever
    /// way costs least. None of them waits. (std::span would cost every program 400 lines.)
    virtual void recv_each(detail::socket_transfer* first, std::size_t count) noexcept;
    virtual void send_each(detail::socket_transfer* first, std::size_t count) noexcept;

    // ---- operations that need no thread, for drivers that take them
    virtual bool takes_operations() noexcept { return false; }
    /// Hands `request` to the kernel; what it refers to stays until on_done(), which may be called
    /// before this returns. 0; or -errno, and then it is never called.
    virtual int start(kernel_operation&, const detail::ring_request&) noexcept;
    /// Asks the kernel to give up what was started: then it is done with -ECANCELED or -EINTR.
    virtual void give_up(kernel_operation&) noexcept {}
    /// The same, and waits until it is done.
    virtual void end(kernel_operation&) noexcept {}

    /// From now on looks for news for so long before each sleep; zero: not at all. Drivers whose
    /// time is not real have nothing to look for. Throws std::invalid_argument where it would only
    /// do harm.
    virtual void spin_before_sleep(nanoseconds /*at_most*/) {}

    /// A seed, when the ready ones are to run in an order drawn by lot.
    virtual std::optional<std::uint64_t> shuffle_seed() const noexcept { return std::nullopt; }
};

using driver_factory = box<driver> (*)(driver_kind);

/// Replaces what makes the drivers of new loops, for simulation. Null restores the kernel's.
/// Returns the one before. Not while loops are being made in other threads.
driver_factory set_driver_factory(driver_factory factory) noexcept;

namespace detail {
box<driver> make_driver(driver_kind kind);
}

}  // namespace rondo
