// SPDX-License-Identifier: MIT
#pragma once

#include "io/fd_state.hpp"
#include <rondo/core/detail/deferred.hpp>
#include <rondo/io/transport.hpp>

#include <exception>

namespace rondo::detail {

/// A transport as the state of a stream sees it: like a descriptor, of which only the system calls
/// are others.
///
/// Invariants:
///  1. Of a side that is not ready the transport has the waiter, and calls it once.
///  2. The transport is called neither after close() nor by a waiter that it is just being given.
class transport_state final : public fd_state, private deferred {
public:
    explicit transport_state(box<transport> over) noexcept;

    const transport& over() const noexcept { return *transport_; }
    /// Whether the end was said; -EAGAIN and the rest of errno.
    bool write_eof() noexcept;
    void abort() noexcept;
    /// The stream is lost by what the transport does not know of.
    void break_off() noexcept;
    /// Throws what is no system_error, if it has not been thrown yet.
    void throw_failure();

private:
    class end final : public transport_waiter {
    public:
        end(transport_state& of, io_side side) noexcept : of_(of), side_(side) {}
        void ready() noexcept override { of_.side_ready(side_); }

    private:
        transport_state& of_;
        io_side side_;
    };

    ~transport_state();

    std::ptrdiff_t receive_through(std::span<char> to) noexcept override;
    std::ptrdiff_t send_through(std::span<const std::string_view> pieces) noexcept override;
    std::ptrdiff_t send_rest(std::span<const std::string_view> pieces,
                             std::ptrdiff_t sent) noexcept;
    void wait_through(io_side side) noexcept override;
    void close_through() noexcept override;
    void tell_later() noexcept override;
    void run() noexcept override;
    void side_ready(io_side side) noexcept;
    template <class Try>
    std::ptrdiff_t attempt(Try once) noexcept;
    void stop_waiting() noexcept;

    end reads_{*this, io_side::read};
    end writes_{*this, io_side::write};
    bool asks_ = false;    // the transport is being given a waiter
    bool broken_ = false;  // it has said so itself
    bool over_ = false;    // closed or aborted
    std::exception_ptr failure_;
    box<transport> transport_;  // the first to go
};

/// For what is_transport().
inline transport_state& transport_of(fd_state& fd) noexcept {
    return static_cast<transport_state&>(fd);
}

}  // namespace rondo::detail
