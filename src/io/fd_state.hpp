// SPDX-License-Identifier: MIT
#pragma once

#include "sys/file.hpp"
#include "sys/pipe.hpp"
#include "sys/socket.hpp"
#include "sys/sys.hpp"
#include <rondo/base/detail/frame_pool.hpp>
#include <rondo/core/detail/execution.hpp>
#include <rondo/core/detail/future_core.hpp>
#include <rondo/core/detail/loop_core.hpp>
#include <rondo/core/driver.hpp>
#include <rondo/io/detail/io_waiter.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rondo::detail {

/// What a descriptor is, as far as its system calls go.
enum class fd_kind : std::uint8_t {
    socket,     // recv, send, shutdown
    pipe,       // read, write, close: pipes, FIFOs, terminals
    signal,     // is only looked at: eventfds, pidfds
    transport,  // none: a transport of the user's, or a layer
};

/// A non-blocking descriptor: whether a system call is worth a try, and who waits for what. The one
/// state machine of all that is waited for, whatever it is and whatever the driver.
///
/// Invariants:
///  1. ready(side) is false only after the kernel said that there was nothing (EAGAIN, or, where
///     that means so, less than was asked for) while the driver watches, and before the first wait:
///     then the next edge makes it true.
///  2. A hang-up stays: after it ready(read) is never false, or the end of the stream would be
///  lost.
///  3. The driver watches nothing before the first wait, and nothing after close().
/// Counted; whoever is about to touch the descriptor holds a reference. Loop-thread only.
class fd_state : public fd_watch, public pooled {
public:
    enum class ownership : std::uint8_t { owned, borrowed };

    fd_state(int fd, ownership o, fd_kind kind = fd_kind::socket) noexcept
        : fd_watch(fd, true, o == ownership::owned && kind == fd_kind::socket),
          ownership_(o),
          kind_(kind),
          watched_(kind == fd_kind::transport) {}

    fd_kind kind() const noexcept { return kind_; }
    bool is_transport() const noexcept { return kind_ == fd_kind::transport; }
    /// The system calls of its kind; -errno when they fail. Sending never raises SIGPIPE.
    std::ptrdiff_t receive(std::span<char> to) noexcept {
        return kind_ == fd_kind::socket ? sys::recv(fd(), to.data(), to.size())
               : is_transport()         ? receive_through(to)
                                        : sys::read(fd(), to.data(), to.size());
    }
    std::ptrdiff_t send(std::string_view data) noexcept {
        return kind_ == fd_kind::socket ? sys::send(fd(), data.data(), data.size())
               : is_transport()         ? send_through({&data, 1})
                                        : sys::write_to_pipe(fd(), data.data(), data.size());
    }

    /// Of more than sys::most_pieces the first so many.
    std::ptrdiff_t send(std::span<const std::string_view> pieces) noexcept {
        return kind_ == fd_kind::socket ? sys::send_pieces(fd(), pieces)
               : is_transport()         ? send_through(pieces)
                                        : sys::write_pieces_to_pipe(fd(), pieces);
    }

    bool ready(io_side side) const noexcept {
        return side == io_side::read ? readable_ : writable_;
    }
    /// Nothing has come yet, as far as anybody knows: reading begins by waiting.
    void expect_silence() noexcept { readable_ = false; }
    /// The kernel said that there was nothing.
    void exhausted(io_side side) noexcept {
        if (!watched_) {
            return;
        }
        if (side == io_side::write) {
            writable_ = false;
        } else {
            readable_ = hung_up_;
        }
        if (is_transport()) [[unlikely]] {
            wait_through(side);
        }
    }

    /// A read of at most `wanted` bytes brought `got`. Where less means that there is no more, the
    /// next one need not be tried.
    void note_read(std::ptrdiff_t got, std::size_t wanted) noexcept {
        if (got > 0 && static_cast<std::size_t>(got) < wanted && !urgent_ && is_tcp()) {
            exhausted(io_side::read);
        }
    }

    bool is_tcp() noexcept {
        if (protocol_ == protocol::unknown) [[unlikely]] {
            protocol_ = !is_transport() && sys::is_tcp(fd()) ? protocol::tcp : protocol::other;
        }
        return protocol_ == protocol::tcp;
    }

    bool awaited(io_side side) const noexcept { return waiter_at(side) != nullptr; }
    /// Makes the running loop watch. Throws system_error, and runtime_error for a second loop.
    void watch() {
        if (!watched_ || exec.loop == nullptr || loop_serial_ != exec.loop->serial()) {
            begin_watch();
        }
    }
    /// `waiter` tries again at each edge, until it has what it wants. After watch().
    void wait(io_side side, io_waiter& waiter) noexcept {
        waiter_at(side) = &waiter;
        if (is_transport() && ready(side)) [[unlikely]] {
            tell_later();
        }
    }
    void leave(io_side side) noexcept { waiter_at(side) = nullptr; }
    /// Tells the one who waits on that side that it waits in vain.
    void turn_away(io_side side) noexcept;

    /// Ends the watch, then closes the descriptor if it is owned, then tells those who wait.
    void close() noexcept;
    /// Ends the watch and gives the descriptor away. Nobody may wait.
    int give_away() noexcept;
    bool is_closed() const noexcept { return closed_; }
    /// Whether it is closed, or calls from other loops are to be found: all that a call has to ask.
    bool needs_care() const noexcept { return closed_ || finds_strangers_; }
    /// Throws runtime_error when another loop watches.
    void check_loop(const char* operation) const;

    void on_ready(io_events events, bool hangup) noexcept override;

    void retain() noexcept { ++references_; }
    void release() noexcept {
        if (--references_ == 0) {
            delete this;
        }
    }

    /// The loop that watches, or did last.
    loop_core* loop() const noexcept { return loop_; }

protected:
    virtual ~fd_state();

    // Of a transport.
    virtual std::ptrdiff_t receive_through(std::span<char>) noexcept { return -EBADF; }
    virtual std::ptrdiff_t send_through(std::span<const std::string_view>) noexcept {
        return -EBADF;
    }
    virtual void wait_through(io_side) noexcept {}
    virtual void close_through() noexcept {}
    /// on_ready() before the loop next polls: who waits is not linked yet.
    virtual void tell_later() noexcept {}
    void mark_ready(io_side side) noexcept {
        (side == io_side::read ? readable_ : writable_) = true;
    }

private:
    io_waiter*& waiter_at(io_side side) noexcept {
        return side == io_side::read ? reader_ : writer_;
    }
    io_waiter* waiter_at(io_side side) const noexcept {
        return side == io_side::read ? reader_ : writer_;
    }
    void begin_watch();
    void let_try(io_side side) noexcept;
    void unwatch(bool is_about_to_be_closed) noexcept;

    loop_core* loop_ = nullptr;  // the one that watches
    std::uint64_t loop_serial_ = 0;
    io_waiter* reader_ = nullptr;
    io_waiter* writer_ = nullptr;
    unsigned references_ = 1;
    ownership ownership_;
    fd_kind kind_;
    enum class protocol : std::uint8_t { unknown, tcp, other } protocol_ = protocol::unknown;
    bool watched_;
    bool readable_ = true;
    bool writable_ = true;
    bool hung_up_ = false;
    bool urgent_ = false;  // something was marked as urgent, and reads may stop there
    bool closed_ = false;
    bool finds_strangers_ = false;  // the loop that watches is in debug mode
};

using fd_ref = core_ref<fd_state>;

/// A state of its own for `fd`, which it closes; also when this throws.
fd_ref own_fd(int fd, fd_kind kind = fd_kind::socket);
/// The state that the running loop has for a descriptor of somebody else, while anybody uses it.
fd_ref borrow_fd(int fd);

/// Throws system_error: "recv: Connection reset by peer".
[[noreturn]] void throw_io_error(int negative_errno, const std::string& what);
/// Gives back what is no error.
std::ptrdiff_t check_io(std::ptrdiff_t result, const char* what);

}  // namespace rondo::detail
