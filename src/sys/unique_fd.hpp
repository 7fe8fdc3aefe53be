// SPDX-License-Identifier: MIT
#pragma once

#include "sys/sys.hpp"

#include <utility>

namespace rondo::sys {

/// Owns a file descriptor, or none (negative).
class unique_fd {
public:
    unique_fd() = default;
    /// Takes over a descriptor; what is negative, such as -errno, is kept as it is.
    explicit unique_fd(int fd) noexcept : fd_(fd) {}
    unique_fd(unique_fd&& other) noexcept : fd_(other.release()) {}
    unique_fd& operator=(unique_fd other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~unique_fd() {
        if (fd_ >= 0) {
            close(fd_);
        }
    }

    explicit operator bool() const noexcept { return fd_ >= 0; }
    int get() const noexcept { return fd_; }
    /// Gives the descriptor away.
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_ = -1;
};

}  // namespace rondo::sys
