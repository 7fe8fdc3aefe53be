// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/detail/future_core.hpp>
#include <rondo/core/detail/immediate.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>

namespace rondo {

namespace detail {
class file_core;
}

/// What an offset given to file::seek counts from.
enum class seek_from : std::uint8_t { start, current, end };

/// An open file, as `open_file` gives it: Python's file object, with awaits where the disk may take
/// its time.
///
///     auto f = co_await rondo::open_file("notes.txt", "a+");
///     co_await f.write("one more line\n");
///     co_await f.seek(0);
///     for (auto line = co_await f.readline(); !line.empty(); line = co_await f.readline()) { … }
///     co_await f.close();
///
/// What uses the position of the file is carried out in the order of the calls, whichever tasks
/// make them; `read_at` and `write_at` do not use it, and may all run at once. Bytes are never
/// changed: text and binary do not differ. What is written is given to the kernel at once; `sync`
/// waits for the disk.
///
/// Errors are system_error naming the operation and the path, among them EBADF for a file that is
/// closed or was not opened for it. The destructor closes without telling of errors; `close()`
/// tells. Moved, not copied, and closed when moved from; calls that are under way keep what they
/// need. A pipe or a terminal can be opened as well, but a stream_reader is better at waiting for
/// one. Threads: the loop's.
class file {
public:
    file(file&& other) noexcept;
    file& operator=(file&& other) noexcept;
    ~file();

    // ---- awaitables, at the position
    /// Returns: n bytes, or less at the end, none after it; all that is left when n is negative. Of
    /// what cannot be sought, 1 to n bytes as they come. Throws: system_error. Cancellation: at
    /// once, and nothing is lost; but what cannot be sought is waited for. Fairness: yields, unless
    /// the bytes were read ahead. Threads: the loop's.
    [[nodiscard]] coro<std::string> read(std::ptrdiff_t n = -1);
    /// Returns: a line with its "\n"; at the end what is left, without one; then nothing. Throws,
    /// Cancellation, Fairness, Threads: as read.
    [[nodiscard]] coro<std::string> readline();
    /// Returns: nothing, once the kernel has all of it. Throws: system_error; then the position
    /// tells how much was written. Cancellation: what has begun is finished, and counts as done;
    /// else nothing is written. Fairness: always yields. Threads: the loop's.
    [[nodiscard]] coro<void> write(std::string data);
    /// Returns: the new position. Throws: system_error (EINVAL) before the beginning of the file.
    /// Cancellation: the position stays. Fairness: yields to others who use the position, and to
    /// look for the end. Threads: the loop's.
    [[nodiscard]] coro<std::int64_t> seek(std::int64_t offset, seek_from from = seek_from::start);
    /// Cuts the file to that size, or fills it up with zeros; nullopt: to the position, which stays
    /// in any case. Returns: nothing. Throws: system_error. Cancellation, Fairness, Threads: as
    /// write.
    [[nodiscard]] coro<void> truncate(std::optional<std::int64_t> size = std::nullopt);
    /// Returns: nothing, once all that was written is on the disk. Throws: system_error.
    /// Cancellation, Fairness, Threads: as write.
    [[nodiscard]] coro<void> sync();
    /// Waits for what was called before, and closes. May be repeated. Returns: nothing. Throws:
    /// system_error when the disk could not keep what was written; it is closed all the same.
    /// Cancellation: gives up waiting for others; once it has begun it is finished. Fairness,
    /// Threads: as write.
    [[nodiscard]] coro<void> close();

    // ---- awaitables, anywhere
    /// Returns: n bytes from that offset on, or less at the end. Throws: as read, and system_error
    /// (EINVAL) where no file can have them: below 0, or beyond the largest offset. Cancellation,
    /// Threads: as read. Fairness: always yields.
    [[nodiscard]] coro<std::string> read_at(std::int64_t offset, std::size_t n);
    /// Returns, Throws, Cancellation, Fairness, Threads: as write. Offsets are refused as by
    /// read_at, and a file that was opened to append refuses all.
    [[nodiscard]] coro<void> write_at(std::int64_t offset, std::string data);

    // ---- as the manager of with()
    auto aenter() { return detail::immediate<void>(); }
    coro<bool> aexit(std::exception_ptr);

    // ---- observers
    /// Where the next read or write begins, as of the calls that have ended. Throws system_error
    /// (ESPIPE) for what cannot be sought.
    std::int64_t tell() const;
    const std::string& path() const noexcept;
    bool is_closed() const noexcept;
    /// The descriptor; -1 when closed.
    int fileno() const noexcept;

    /// For rondo's own parts.
    explicit file(detail::core_ref<detail::file_core> core) noexcept;
    const detail::core_ref<detail::file_core>& core() const noexcept { return core_; }

private:
    detail::core_ref<detail::file_core> core_;
};

/// Opens a file, with Python's modes: "r" to read; "w" to write, empties it; "x" to write, makes
/// it, and fails if it is there; "a" to append, which every write then does; with "+" to read and
/// write. "b" and "t" may be added, and change nothing.
///
/// Returns: the file. Throws: system_error naming the path; invalid_argument for another mode, and
/// for a path with a NUL byte inside, as the two below.
/// Cancellation: at once; the file may have been made or emptied. Fairness: always yields. Threads:
/// the loop's.
[[nodiscard]] coro<file> open_file(std::string path, std::string mode = "r");

/// Reads a whole file.
///
/// Returns: its bytes. Throws: system_error naming the operation and the path. Cancellation: at
/// once; what was read is dropped. Fairness: always yields. Threads: the loop's.
[[nodiscard]] coro<std::string> read_file(std::string path);

/// Makes a file of the given bytes, or replaces what is in it.
///
/// Returns: nothing, once the kernel has all of it. Throws: system_error naming the operation and
/// the path; the file may then be incomplete. Cancellation: a file that is being written is
/// finished first. Fairness: always yields. Threads: the loop's.
[[nodiscard]] coro<void> write_file(std::string path, std::string data);

}  // namespace rondo
