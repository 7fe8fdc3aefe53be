// SPDX-License-Identifier: MIT
#include "os/file_core.hpp"

#include <rondo/io/detail/turn.hpp>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace rondo::detail {

namespace {

bool takes_once(std::string& letters, char letter) {
    const std::size_t at = letters.find(letter);
    if (at == letters.npos) {
        return false;
    }
    letters.erase(at, 1);
    return true;
}

}  // namespace

file_mode parse_mode(std::string letters) {
    std::string rest = letters;
    const bool both = takes_once(rest, '+');
    const bool binary = takes_once(rest, 'b');
    const bool text = takes_once(rest, 't');
    if (rest.size() != 1 || rest.find_first_of("rwax") != 0 || (binary && text)) {
        throw std::invalid_argument("open_file: there is no mode '" + letters +
                                    "'; it is one of r, w, a and x, with + to read and write");
    }
    const char kind = rest.front();
    file_mode mode;
    mode.how.read = kind == 'r' || both;
    mode.how.write = kind != 'r' || both;
    mode.how.create = kind != 'r';
    mode.how.truncate = kind == 'w';
    mode.how.exclusive = kind == 'x';
    mode.how.append = kind == 'a';
    mode.letters = std::move(letters);
    return mode;
}

file_core::file_core(file_work::opened opened, std::string path, file_mode mode)
    : fd_(std::move(opened.fd)),
      path_(std::move(path)),
      mode_(std::move(mode)),
      seekable_(opened.about.is_seekable),
      position_(appends() ? opened.about.size : 0) {}

void file_core::fail(int negative_errno, const char* operation, const std::string& why) const {
    throw std::system_error(-negative_errno, std::generic_category(),
                            std::string(operation) + " " + path_ + why);
}

const file_work::shared_fd& file_core::to_use(const char* operation) const {
    if (!fd_) {
        fail(-EBADF, operation, ": the file is closed");
    }
    return fd_;
}

const file_work::shared_fd& file_core::to_read(const char* operation) const {
    if (!mode_.how.read) {
        fail(-EBADF, operation, ": mode '" + mode_.letters + "' does not read; add a +");
    }
    return to_use(operation);
}

const file_work::shared_fd& file_core::to_write(const char* operation) const {
    if (!mode_.how.write) {
        fail(-EBADF, operation, ": mode '" + mode_.letters + "' does not write; add a +");
    }
    return to_use(operation);
}

// ---- position

file_work::offset file_core::end_of_ahead() const noexcept {
    return seekable_ ? file_work::offset(position_ + static_cast<std::int64_t>(ahead_.size()))
                     : std::nullopt;
}

file_work::offset file_core::place_to_write() const noexcept {
    return seekable_ && !appends() ? file_work::offset(position_) : std::nullopt;
}

void file_core::move_to(std::int64_t position) noexcept {
    const std::int64_t skipped = position - position_;
    if (skipped >= 0 && skipped <= static_cast<std::int64_t>(ahead_.size())) {
        ahead_.skip(static_cast<std::size_t>(skipped));
    } else {
        ahead_.clear();
    }
    position_ = position;
}

void file_core::wrote(const file_work::bytes_written& result) noexcept {
    if (!seekable_ || result.count == 0) {
        return;  // where nothing was written the kernel did not move, and may be elsewhere
    }
    ahead_.clear();
    const bool known = appends() && result.position >= 0;
    position_ = known ? result.position : position_ + static_cast<std::int64_t>(result.count);
}

// ---- what was read ahead

std::string file_core::take(std::size_t n) {
    n = std::min(n, ahead_.size());
    position_ += static_cast<std::int64_t>(n);
    return ahead_.take(n);
}

void file_core::forget_ahead() noexcept {
    if (seekable_) {
        ahead_.clear();
    }
}

void file_core::side_write_ends() noexcept {
    forget_ahead();
    if (--side_writes_ == 0) {
        wake_all(closers_);
    }
}

const file_ref& check_not_moved(const file_ref& f, const char* operation) {
    if (!f) {
        throw std::system_error(
            EBADF, std::generic_category(),
            std::string(operation) + ": the file is closed, for it was moved from");
    }
    return f;
}

}  // namespace rondo::detail
