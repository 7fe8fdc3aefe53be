// SPDX-License-Identifier: MIT
#include "sys/socket_file.hpp"

#include "sys/door.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace rondo::sys {

int identify(const char* path, file_identity& identity) noexcept {
    struct stat status{};
    if (const int result = ask(call::stat, [&] { return ::stat(path, &status); }); result < 0) {
        return result;
    }
    identity = {status.st_dev, status.st_ino, S_ISSOCK(status.st_mode)};
    return 0;
}

int unlink(const char* path) noexcept {
    return ask(call::unlink, [&] { return ::unlink(path); });
}

}  // namespace rondo::sys
