// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/detail/future_core.hpp>
#include <rondo/io/detail/stream_awaiters.hpp>

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace rondo {

namespace detail {
class stream_core;
}

/// Somewhere to write bytes to: the end of a pipe, what a child process reads, or one half of a
/// connection (see stream::split). asyncio's StreamWriter.
///
///     writer.write("a line\n");
///     co_await writer.drain();
///
/// `write` sends what the kernel takes, keeps the rest and never waits (to a connection, as stream
/// does); `drain` waits while too much is kept (64 KiB, until 16 KiB are left). Any task may write.
/// When nobody reads any more, what is kept is dropped, and `drain` throws system_error (EPIPE);
/// there is no SIGPIPE. `close()`, or the destructor, sends what is kept and then closes. Moved,
/// not copied; calls that are under way keep what they need. Threads: the loop's.
class stream_writer {
public:
    /// Takes over the descriptor of a pipe, a FIFO, a terminal or the like, and makes it
    /// non-blocking; that holds for all who have it open. Throws system_error when it is not open.
    explicit stream_writer(int fd);
    stream_writer(stream_writer&& other) noexcept;
    stream_writer& operator=(stream_writer&& other) noexcept;
    ~stream_writer();

    // ---- operations
    /// Dropped when nobody reads any more, or when closed. Throws runtime_error after write_eof().
    void write(std::string_view data);
    void write(const char* data) { write(std::string_view(data)); }
    /// The same; what does not leave at once is kept where it is, without a copy.
    void write(std::string&& data);
    /// The same of several pieces, which leave by one system call.
    void write(std::initializer_list<std::string_view> pieces) {
        write(std::span<const std::string_view>(pieces.begin(), pieces.size()));
    }
    void write(std::span<const std::string_view> pieces);
    void writelines(std::span<const std::string> lines);
    /// Tells the reader that nothing more comes, once all is sent: closes then.
    void write_eof();
    /// Sends what is kept, then closes. May be repeated.
    void close() noexcept;
    /// Closes at once; what is kept is dropped.
    void abort() noexcept;

    // ---- awaitables
    /// Returns: nothing, once little enough is kept. Throws: system_error when nobody reads any
    /// more. Cancellation: changes nothing. Fairness: yields only to wait, or after many at once.
    /// Threads: the loop's.
    [[nodiscard]] detail::drain_awaiter drain() { return detail::drain_awaiter(core_); }
    /// Returns: nothing, once closed. Throws: system_error when not all of it was sent.
    /// Cancellation: changes nothing. Fairness: yields only to wait. Threads: the loop's.
    [[nodiscard]] coro<void> wait_closed();

    // ---- observers
    bool is_closing() const noexcept;
    /// How much is kept.
    std::size_t write_buffer_size() const noexcept;
    /// The descriptor; -1 when closed, or over another transport.
    int fileno() const noexcept;

    /// For rondo's own parts.
    explicit stream_writer(detail::core_ref<detail::stream_core> core) noexcept;
    const detail::core_ref<detail::stream_core>& core() const noexcept { return core_; }

private:
    detail::core_ref<detail::stream_core> core_;
};

}  // namespace rondo
