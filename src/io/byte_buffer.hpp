// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace rondo::detail {

/// Bytes that are appended at the end and taken from the front: what was read and not taken yet, or
/// written and not sent yet. They are moved together only when more than half of the memory is
/// empty, and what was once needed for many is given back then, so that a buffer which never gets
/// empty stays as small as what it keeps.
class byte_buffer {
public:
    std::string_view kept() const noexcept { return std::string_view(bytes_).substr(begin_); }
    std::size_t size() const noexcept { return bytes_.size() - begin_; }
    bool empty() const noexcept { return size() == 0; }

    /// Where bytes are appended.
    std::string& tail() noexcept { return bytes_; }
    /// Takes over the memory of bytes of which the first so many are not wanted, instead of what is
    /// there.
    void adopt(std::string&& bytes, std::size_t begin) noexcept {
        bytes_ = std::move(bytes);
        begin_ = begin;
    }
    /// The first n, which must be there.
    std::string take(std::size_t n) {
        if (begin_ == 0 && n == bytes_.size()) {
            std::string all(std::move(bytes_));
            bytes_.clear();
            return all;
        }
        std::string result(kept().substr(0, n));
        skip(n);
        return result;
    }
    void skip(std::size_t n) noexcept {
        begin_ += n;
        if (begin_ == bytes_.size()) {
            clear();
        } else if (begin_ > bytes_.size() / 2) {
            move_together();
        }
    }
    /// Gives the memory back as well: what is idle holds none.
    void clear() noexcept {
        begin_ = 0;
        std::string().swap(bytes_);
    }

private:
    void move_together() noexcept {
        const bool wasteful = bytes_.capacity() / 4 > size();
        if (!wasteful || !move_elsewhere()) {
            bytes_.erase(0, begin_);
        }
        begin_ = 0;
    }
    bool move_elsewhere() noexcept {
        try {
            bytes_ = std::string(kept());
            return true;
        } catch (const std::exception&) {
            return false;
        }
    }

    std::string bytes_;
    std::size_t begin_ = 0;
};

}  // namespace rondo::detail
