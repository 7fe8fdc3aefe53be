// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/detail/future_core.hpp>
#include <rondo/io/detail/stream_awaiters.hpp>
#include <rondo/io/errors.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

namespace detail {
class stream_core;
}

/// Bytes to read, as they come: the end of a pipe, what a child process prints, or one half of a
/// connection (see stream::split). asyncio's StreamReader.
///
///     rondo::stream_reader in(::dup(STDIN_FILENO));
///     for (auto line = co_await in.readline(); !line.empty(); line = co_await in.readline()) { … }
///
/// At a time one task may read. A read that is cancelled loses nothing: what had come is there for
/// the next one. `close()`, or the destructor, closes the descriptor; those who read at that moment
/// get system_error (EBADF). Moved, not copied; calls that are under way keep what they need.
/// Threads: the loop's.
class stream_reader {
public:
    static constexpr std::size_t default_limit = 64 * 1024;

    /// Takes over the descriptor of a pipe, a FIFO, a terminal or the like, and makes it
    /// non-blocking; that holds for all who have it open. Throws system_error when it is not open.
    explicit stream_reader(int fd, std::size_t limit = default_limit);
    stream_reader(stream_reader&& other) noexcept;
    stream_reader& operator=(stream_reader&& other) noexcept;
    ~stream_reader();

    // ---- operations
    /// May be repeated.
    void close() noexcept;
    bool is_closed() const noexcept;
    /// Whether the end has come and everything was read.
    bool at_eof() const noexcept;
    /// The descriptor; -1 when closed, or over another transport.
    int fileno() const noexcept;

    // ---- awaitables
    /// Returns: 1 to n bytes, none at the end; all until the end when n is negative. Throws:
    /// system_error; runtime_error when another task reads. Cancellation: nothing is lost.
    /// Fairness: yields only to wait, or after many at once. Threads: the loop's.
    [[nodiscard]] detail::read_awaiter read(std::ptrdiff_t n = -1) {
        return detail::read_awaiter(core_, n);
    }
    /// The same into memory of the caller's. Returns: how many bytes; 0 at the end.
    [[nodiscard]] detail::read_into_awaiter read_into(std::span<char> to) {
        return detail::read_into_awaiter(core_, to);
    }
    /// Reads until so many bytes are buffered; the limit does not count. For parsers, which look at
    /// buffered(), consume() what they understand, and ask for more:
    ///
    ///     while (co_await s.fill()) {
    ///         s.consume(parse(s.buffered()));
    ///     }
    ///
    /// Returns: true; false when the end came first, and what came before it is buffered. Throws:
    /// as read. Cancellation: nothing is lost. Fairness: yields only to wait, or after many at
    /// once; not when enough is there. Threads: the loop's.
    [[nodiscard]] detail::fill_awaiter fill(std::size_t at_least = 1);
    /// What was read and not taken yet; valid until the next read, fill or consume.
    std::string_view buffered() const noexcept;
    /// Takes the first n bytes of it. Throws out_of_range when there are less.
    void consume(std::size_t n);
    /// Returns: n bytes. Throws: incomplete_read_error when the stream ends before.
    /// Cancellation, Fairness, Threads: as read.
    [[nodiscard]] detail::readexactly_awaiter readexactly(std::size_t n);
    /// Returns: everything up to and with the separator. Throws: incomplete_read_error at the end,
    /// limit_overrun_error when it does not come within the limit, invalid_argument when it is
    /// empty. Cancellation, Fairness, Threads: as read.
    [[nodiscard]] detail::readuntil_awaiter readuntil(std::string separator);
    /// The same for the separator that ends first.
    [[nodiscard]] detail::readuntil_awaiter readuntil(std::vector<std::string> separators);
    /// Returns: a line with its "\n"; at the end what is left, without one. Throws:
    /// limit_overrun_error for a line that is longer than the limit, which is then skipped as far
    /// as it has come. Cancellation, Fairness, Threads: as read.
    [[nodiscard]] detail::readline_awaiter readline();

    /// For rondo's own parts.
    explicit stream_reader(detail::core_ref<detail::stream_core> core) noexcept;
    const detail::core_ref<detail::stream_core>& core() const noexcept { return core_; }

private:
    detail::core_ref<detail::stream_core> core_;
};

}  // namespace rondo
