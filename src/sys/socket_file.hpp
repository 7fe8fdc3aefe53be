// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

/// The file that stands for a Unix socket. Negative results are -errno.
namespace rondo::sys {

/// Tells one file from every other that exists at the same time.
struct file_identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    bool is_socket = false;

    friend bool operator==(const file_identity&, const file_identity&) = default;
};

/// -ENOENT when there is none.
int identify(const char* path, file_identity& identity) noexcept;
int unlink(const char* path) noexcept;

}  // namespace rondo::sys
