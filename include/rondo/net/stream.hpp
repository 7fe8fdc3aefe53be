// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/io/errors.hpp>
#include <rondo/net/address.hpp>
#include <rondo/net/socket.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

namespace detail {
class stream_core;
}

/// A connection to read from and to write to: asyncio's StreamReader and StreamWriter in one.
///
///     auto s = co_await rondo::open_connection("localhost", 8080);
///     s.write("GET / HTTP/1.0\r\n\r\n");
///     co_await s.drain();
///     auto page = co_await s.read();
///
/// `write` sends what the kernel takes, keeps the rest and never waits; `drain` waits while too
/// much is kept (64 KiB, until 16 KiB are left). At a time one task may read; any may write. A read
/// that is cancelled loses nothing: what had come is there for the next one.
///
/// Errors of the connection are std::system_error. `close()`, or the destructor, sends what is kept
/// and then closes; those who read at that moment get system_error (EBADF). What is not sent yet
/// when the loop closes is dropped: `wait_closed` waits for it. Moved, not copied; calls that are
/// under way keep what they need. Threads: the loop's.
class stream {
public:
    /// Over a connected socket, which sends small pieces at once from now on (TCP_NODELAY).
    explicit stream(socket connected, std::size_t limit = default_limit);
    stream(stream&& other) noexcept;
    stream& operator=(stream&& other) noexcept;
    ~stream();

    static constexpr std::size_t default_limit = 64 * 1024;

    // ---- reading
    /// Returns: 1 to n bytes, none at the end; all until the end when n is negative. Throws:
    /// system_error; runtime_error when another task reads. Cancellation: nothing is lost.
    /// Fairness: yields only to wait, or after many at once. Threads: the loop's.
    [[nodiscard]] coro<std::string> read(std::ptrdiff_t n = -1);
    /// The same into memory of the caller's, which must live until then. Returns: how many bytes; 0
    /// at the end. Throws, Cancellation, Fairness, Threads: as read.
    [[nodiscard]] coro<std::size_t> read_into(std::span<char> to);
    /// Returns: n bytes. Throws: incomplete_read_error when the stream ends before.
    /// Cancellation, Fairness, Threads: as read.
    [[nodiscard]] coro<std::string> readexactly(std::size_t n);
    /// Returns: everything up to and with the separator. Throws: incomplete_read_error at the end,
    /// limit_overrun_error when it does not come within the limit, invalid_argument when it is
    /// empty. Cancellation, Fairness, Threads: as read.
    [[nodiscard]] coro<std::string> readuntil(std::string separator);
    /// The same for the separator that ends first.
    [[nodiscard]] coro<std::string> readuntil(std::vector<std::string> separators);
    /// Returns: a line with its "\n"; at the end what is left, without one. Throws:
    /// limit_overrun_error for a line that is longer than the limit, which is then skipped as far
    /// as it has come. Cancellation, Fairness, Threads: as read.
    [[nodiscard]] coro<std::string> readline();
    /// Whether the end has come and everything was read.
    bool at_eof() const noexcept;

    // ---- writing
    /// Sends what the kernel takes, and keeps a copy of the rest. Dropped when the connection is
    /// lost or closed. Throws runtime_error after write_eof(), and where something is to be kept
    /// and no loop runs.
    void write(std::string_view data);
    /// write() of all of them, one after the other; adds no line ends.
    void writelines(std::span<const std::string> lines);
    /// Returns: nothing, once little enough is kept. Throws: system_error when the connection is
    /// lost. Cancellation: changes nothing. Fairness: yields only to wait, or after many at once.
    /// Threads: the loop's.
    [[nodiscard]] coro<void> drain();
    /// Tells the other side that nothing more comes, once all is sent; reading goes on.
    void write_eof();
    /// How much is kept.
    std::size_t write_buffer_size() const noexcept;

    // ---- the end
    /// Sends what is kept, then closes. May be repeated.
    void close() noexcept;
    /// Closes at once; what is kept is dropped.
    void abort() noexcept;
    bool is_closing() const noexcept;
    /// Returns: nothing, once closed. Throws: the error that the connection was lost by.
    /// Cancellation: changes nothing. Fairness: yields only to wait. Threads: the loop's.
    [[nodiscard]] coro<void> wait_closed();

    /// "peername" and "sockname" as text; empty for anything else.
    std::string get_extra_info(std::string_view name) const;
    /// None once closed.
    address peername() const;
    address sockname() const;

private:
    detail::core_ref<detail::stream_core> core_;
};

/// How a connection is made. See open_connection.
struct connection_options {
    std::size_t limit = stream::default_limit;  // of readline and readuntil
};

/// Connects to host and port over TCP; a name's addresses are tried one after the other.
///
/// Returns: the connection. Throws: system_error of the only address that failed, or one that names
/// all; runtime_error when the name is unknown. Cancellation: the attempt is given up. Fairness:
/// yields to wait. Threads: the loop's.
[[nodiscard]] coro<stream> open_connection(std::string host, std::uint16_t port,
                                           connection_options options = {});

}  // namespace rondo
