// SPDX-License-Identifier: MIT
#pragma once

#include "io/byte_buffer.hpp"
#include "os/file_work.hpp"
#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/detail/waiter.hpp>
#include <rondo/sync/lock.hpp>

#include <string>
#include <utility>

namespace rondo::detail {

/// How a file was opened, from Python's letters.
struct file_mode {
    sys::open_how how{};
    std::string letters;
};
/// Throws invalid_argument.
file_mode parse_mode(std::string letters);

/// The state of an open file: where it is, and what was read ahead.
///
/// Invariants:
///  1. position() is where the user is; what was read ahead are the bytes from there on.
///  2. whoever uses either holds turn() from then on until it is right again.
/// Counted: by the file, and by calls that are under way. Loop-thread only.
class file_core {
public:
    file_core(file_work::opened opened, std::string path, file_mode mode);

    /// The descriptor for an operation; throws system_error when the file is closed, or was not
    /// opened for it.
    const file_work::shared_fd& to_read(const char* operation) const;
    const file_work::shared_fd& to_write(const char* operation) const;
    const file_work::shared_fd& to_use(const char* operation) const;
    /// Throws system_error when the result is -errno.
    template <class Result>
    Result check(Result result, const char* operation) const {
        if (result < 0) {
            fail(static_cast<int>(result), operation);
        }
        return result;
    }
    [[noreturn]] void fail(int negative_errno, const char* operation,
                           const std::string& why = {}) const;

    lock& turn() noexcept { return turn_; }

    // ---- position
    std::int64_t position() const noexcept { return position_; }
    bool is_seekable() const noexcept { return seekable_; }
    bool appends() const noexcept { return mode_.how.append; }
    void move_to(std::int64_t position) noexcept;
    /// Where the bytes after those that were read ahead are; where a write goes.
    file_work::offset end_of_ahead() const noexcept;
    file_work::offset place_to_write() const noexcept;
    void wrote(const file_work::bytes_written& result) noexcept;

    // ---- what was read ahead
    byte_buffer& ahead() noexcept { return ahead_; }
    /// n bytes, or all of them; the position is behind them then.
    std::string take(std::size_t n);
    void forget_ahead() noexcept;

    // ---- writes that do not use the position: close() waits for them
    void side_write_begins() noexcept { ++side_writes_; }
    void side_write_ends() noexcept;
    static bool has_side_writes(const file_core& f) noexcept { return f.side_writes_ > 0; }
    intrusive_list<waiter>& closers() noexcept { return closers_; }

    /// Gives the descriptor away; null when it is closed.
    file_work::shared_fd close() noexcept { return std::exchange(fd_, nullptr); }
    int fileno() const noexcept { return fd_ ? fd_->get() : -1; }
    const std::string& path() const noexcept { return path_; }

    void retain() noexcept { ++references_; }
    void release() noexcept {
        if (--references_ == 0) {
            delete this;
        }
    }

private:
    ~file_core() = default;

    file_work::shared_fd fd_;
    std::string path_;
    file_mode mode_;
    bool seekable_;
    lock turn_;
    std::int64_t position_ = 0;
    byte_buffer ahead_;
    int side_writes_ = 0;
    intrusive_list<waiter> closers_;
    unsigned references_ = 1;
};

using file_ref = core_ref<file_core>;

/// Throws what a closed file does, when there is none.
const file_ref& check_not_moved(const file_ref& f, const char* operation);

}  // namespace rondo::detail
