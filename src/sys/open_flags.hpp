// SPDX-License-Identifier: MIT
#pragma once

#include "sys/file.hpp"

#include <fcntl.h>

namespace rondo::sys {

inline constexpr mode_t for_everybody = 0666;  // what the umask leaves of it

inline int open_flags(open_how how) noexcept {
    const int access = how.read && how.write ? O_RDWR : how.write ? O_WRONLY : O_RDONLY;
    return access | O_CLOEXEC | (how.append ? O_APPEND : 0) | (how.create ? O_CREAT : 0) |
           (how.truncate ? O_TRUNC : 0) | (how.exclusive ? O_EXCL : 0);
}

}  // namespace rondo::sys
