// SPDX-License-Identifier: MIT
#pragma once

#include "sys/file.hpp"
#include "sys/sys.hpp"
#include <rondo/core/coro.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

/// What is done with files, each as an await: the one place that knows who carries it out, which is
/// the kernel, where the running loop's driver takes operations, or else a thread of its pool. To
/// be called where the loop runs. Nothing here refers to the caller, so that all of it may go while
/// the work goes on. Nothing throws on account of the file: results are -errno.
///
/// Cancellation: work that has not begun is not done. What only looks is abandoned at once, or
/// given up by the kernel; what changes something, or takes something away, is waited for, and its
/// result wins.
namespace rondo::detail::file_work {

/// A descriptor, closed with the last who has it: the file, or work that was abandoned. The number
/// never changes, so that any thread may look at it.
class descriptor {
public:
    /// Takes it over; negative for none.
    explicit descriptor(int fd) noexcept : fd_(fd) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (fd_ >= 0 && !closed_) {
            sys::close(fd_);
        }
    }

    int get() const noexcept { return fd_; }
    /// For the last who has it: closes, and tells of errors.
    int close() noexcept { return sys::close_checked(give_away()); }
    /// The same, but somebody else closes it.
    int give_away() noexcept {
        closed_ = true;
        return fd_;
    }

private:
    const int fd_;
    bool closed_ = false;
};
using shared_fd = std::shared_ptr<descriptor>;

/// From which byte on; nullopt: wherever the kernel is, for what cannot be sought or is appended.
using offset = std::optional<std::int64_t>;

struct opened {
    shared_fd fd;
    sys::file_about about{};
    int error = 0;  // -errno
};
coro<opened> open(std::string path, sys::open_how how);

/// Bytes up to the first error, or to the end.
struct bytes_read {
    std::string bytes;
    int error = 0;  // -errno, when there are no bytes
};
constexpr std::size_t all = static_cast<std::size_t>(-1);
/// From what cannot be sought it takes what there is, once there is something.
coro<bytes_read> read(shared_fd fd, offset from, std::size_t most);

struct bytes_written {
    std::size_t count = 0;      // how many of them
    int error = 0;              // -errno, when not all
    std::int64_t position = 0;  // where the kernel is afterwards
};
coro<bytes_written> write(shared_fd fd, offset to, std::string data);

/// 0 when it is no regular file.
coro<std::int64_t> size(shared_fd fd);
coro<int> truncate(shared_fd fd, std::int64_t size);
coro<int> sync(shared_fd fd);
coro<int> close(shared_fd fd);

/// A whole file at once. These two throw system_error, which names the operation and the path.
coro<std::string> read_whole(std::string path);
coro<void> write_whole(std::string path, std::string data);

// ---- for those who carry it out

/// How much memory a read begins with that expects so many bytes: one more, since then a read that
/// is not full means the end. Files that say nothing of their size, as in /proc, make it grow.
std::size_t room_for(std::int64_t expected, std::size_t most) noexcept;

[[noreturn]] void fail(int negative_errno, const char* operation, const std::string& path);
template <class Result>
Result check(Result result, const char* operation, const std::string& path) {
    if (result < 0) {
        fail(static_cast<int>(result), operation, path);
    }
    return result;
}

}  // namespace rondo::detail::file_work
