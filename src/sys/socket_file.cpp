// SPDX-License-Identifier: MIT
#include <rondo/sys/socket_file.hpp>

#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

namespace rondo::sys {

int identify(const char* path, file_identity& identity) noexcept {
    struct stat status{};
    if (::stat(path, &status) < 0) {
        return -errno;
    }
    identity = {status.st_dev, status.st_ino, S_ISSOCK(status.st_mode)};
    return 0;
}

int unlink(const char* path) noexcept { return ::unlink(path) < 0 ? -errno : 0; }

}  // namespace rondo::sys
