// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/io/address.hpp>
#include <rondo/io/detail/stream_awaiters.hpp>
#include <rondo/io/errors.hpp>
#include <rondo/io/stream_reader.hpp>
#include <rondo/io/stream_writer.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo {

class file;
class socket;
class stream_upgrade;
class transport;
struct transport_info;

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
/// `write` sends what the kernel takes, keeps the rest and never waits; while other tasks are ready
/// small pieces are sent together. `drain` waits while too much is kept (64 KiB, until 16 KiB are
/// left). At a time one task may read; any may write. A read that is cancelled loses nothing: what
/// had come is there for the next one.
///
/// Errors of the connection are std::system_error. `close()`, or the destructor, sends what is kept
/// and then closes; those who read at that moment get system_error (EBADF). What is not sent yet
/// when the loop closes is dropped: `wait_closed` waits for it. Moved, not copied; calls that are
/// under way keep what they need. One that was moved from is closed; do not read, write or drain
/// it. Threads: the loop's.
class stream {
public:
    /// Over a connected socket, which sends small pieces at once from now on (TCP_NODELAY).
    explicit stream(socket connected, std::size_t limit = default_limit);
    /// Over any other connection, such as a pipe in memory, or something that stands on a stream's.
    explicit stream(box<transport> over, std::size_t limit = default_limit);
    stream(stream&& other) noexcept;
    stream& operator=(stream&& other) noexcept;
    ~stream();

    static constexpr std::size_t default_limit = 64 * 1024;

    // ---- reading
    /// Returns: 1 to n bytes, none at the end; all until the end when n is negative. Throws:
    /// system_error; runtime_error when another task reads. Cancellation: nothing is lost.
    /// Fairness: yields only to wait, or after many at once. Threads: the loop's.
    [[nodiscard]] detail::read_awaiter read(std::ptrdiff_t n = -1) {
        return detail::read_awaiter(core_, n);
    }
    /// The same into memory of the caller's, which must live until then. Returns: how many bytes; 0
    /// at the end. Throws, Cancellation, Fairness, Threads: as read.
    [[nodiscard]] detail::read_into_awaiter read_into(std::span<char> to) {
        return detail::read_into_awaiter(core_, to);
    }
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
    /// Whether the end has come and everything was read.
    bool at_eof() const noexcept;

    // ---- parsing
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

    // ---- writing
    /// Sends what the kernel takes, and keeps a copy of the rest. While others are ready to run,
    /// pieces of up to 4 KiB wait until the loop next looks for news, and leave together; closing
    /// sends them first. Dropped when the connection is lost or closed. Throws runtime_error after
    /// write_eof(), and where something is to be kept and no loop runs.
    void write(std::string_view data);
    void write(const char* data) { write(std::string_view(data)); }
    /// The same; what the kernel does not take is kept where it is, without a copy.
    void write(std::string&& data);
    /// The same of several pieces, such as a head and a body: they leave as one, by one system
    /// call, and are not copied together for that.
    void write(std::initializer_list<std::string_view> pieces) {
        write(std::span<const std::string_view>(pieces.begin(), pieces.size()));
    }
    void write(std::span<const std::string_view> pieces);
    /// write() of all of them, one after the other; adds no line ends.
    void writelines(std::span<const std::string> lines);
    /// Returns: nothing, once little enough is kept. Throws: system_error when the connection is
    /// lost. Cancellation: changes nothing. Fairness: yields only to wait, or after many at once.
    /// Threads: the loop's.
    [[nodiscard]] detail::drain_awaiter drain() { return detail::drain_awaiter(core_); }
    /// Tells the other side that nothing more comes, once all is sent; reading goes on.
    void write_eof();
    /// Sends a part of a file, by default all of it: without copying it where the kernel can, else
    /// in pieces. What was written before goes first; writing meanwhile is refused with
    /// runtime_error. The file's position is neither used nor moved.
    /// Returns: how many bytes; less than `count` when the file ends before. Throws: system_error;
    /// invalid_argument for a negative offset or count. Cancellation: a part may have been sent.
    /// Fairness: yields only to wait, or after many pieces. Threads: the loop's.
    [[nodiscard]] coro<std::int64_t> sendfile(const file& from, std::int64_t offset = 0,
                                              std::optional<std::int64_t> count = std::nullopt);
    /// How much is kept.
    std::size_t write_buffer_size() const noexcept;

    // ---- the end
    /// Sends what is kept, lets it arrive, then closes: docs/reference/net.md. May be repeated.
    void close() noexcept;
    /// Closes at once; what is kept is dropped.
    void abort() noexcept;
    bool is_closing() const noexcept;
    /// Returns: nothing, once closed. Throws: the error that the connection was lost by.
    /// Cancellation: changes nothing. Fairness: yields only to wait. Threads: the loop's.
    [[nodiscard]] coro<void> wait_closed();

    // ---- parts
    /// Takes the stream apart, for two tasks that own a half each; the stream is empty then. To
    /// close the writer ends what is sent, as write_eof() does; to close the reader tells the other
    /// side nothing, which has to wait once the kernel's buffer is full. The connection is closed
    /// when both are, or by the writer's abort().
    std::pair<stream_reader, stream_writer> split() &&;

    // ---- layers
    /// Gives away what the stream stands on, for a transport that is to stand on it; the stream is
    /// empty then. What was read and not taken comes first there, and what is kept leaves first.
    /// Throws runtime_error while another task reads, or a file is being sent; system_error when
    /// closed.
    ///
    ///     s = rondo::stream(rondo::make_box<recorder>(std::move(s).detach()));
    box<transport> detach() &&;
    /// Lets `by` agree with the other side about a layer, such as TLS, and sends and reads through
    /// that from then on. The stream is empty meanwhile, and must stay where it is; `by` must live
    /// until then. Returns: nothing. Throws: what `by` throws, and the connection is then closed at
    /// once. Cancellation: closes the connection at once. Fairness: as `by`. Threads: the loop's.
    [[nodiscard]] coro<void> start_tls(stream_upgrade& by);

    // ---- observers
    void set_option(socket_option option, int value);
    int get_option(socket_option option) const;
    /// What is known of the connection; nothing once closed.
    transport_info info() const;
    /// The same by name, as text: "peername", "sockname", "alpn", "cipher", "peercert", and what a
    /// transport has more; empty for anything else.
    std::string get_extra_info(std::string_view name) const;
    /// None once closed.
    address peername() const;
    address sockname() const;

    /// For rondo's own parts.
    explicit stream(detail::core_ref<detail::stream_core> core) noexcept;
    const detail::core_ref<detail::stream_core>& core() const noexcept { return core_; }

private:
    detail::core_ref<detail::stream_core> core_;
};

}  // namespace rondo
