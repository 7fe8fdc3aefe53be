// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/future_core.hpp>
#include <rondo/io/detail/io_operation.hpp>

#include <cstddef>

namespace rondo {

namespace detail {

/// Keeps what the loop has of a descriptor that somebody else owns.
class borrowed_fd {
protected:
    explicit borrowed_fd(int fd);
    borrowed_fd(borrowed_fd&& other) noexcept;
    ~borrowed_fd();

    core_ref<fd_state> borrowed_;
};

class readiness_awaiter final : private borrowed_fd, public io_operation {
public:
    readiness_awaiter(int fd, io_side side, const char* name);

    void await_resume() const;

private:
    std::ptrdiff_t attempt() noexcept override;
    io_side side_;
};

}  // namespace detail

/// Waits until a descriptor has something to read, its end, or an error: for libraries that bring
/// descriptors of their own, such as libpq, libcurl or inotify. The descriptor stays theirs, need
/// not be non-blocking, and may be a socket, a pipe, a terminal, an eventfd or the like; a regular
/// file is always ready. trio's wait_readable.
///
///     while (PQconsumeInput(c) == 1 && PQisBusy(c)) {
///         co_await rondo::wait_readable(PQsocket(c));
///     }
///
/// Whoever closes the descriptor cancels those who wait for it first: the kernel tells nobody of
/// that. When its number is used again, waiting for that is not mixed up with the former.
///
/// Returns: nothing, at once if it is ready. Throws: system_error, as EBADF when there is no such
/// descriptor; runtime_error when another task waits for the same side. Cancellation: changes
/// nothing. Fairness: yields only to wait, or after many at once. Threads: the loop's.
[[nodiscard]] detail::readiness_awaiter wait_readable(int fd);
/// The same until something can be written. Returns, Throws, Cancellation, Fairness, Threads: as
/// wait_readable.
[[nodiscard]] detail::readiness_awaiter wait_writable(int fd);

}  // namespace rondo
