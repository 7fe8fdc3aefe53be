// SPDX-License-Identifier: MIT
#include "sys/file.hpp"

#include "sys/door.hpp"
#include "sys/open_flags.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rondo::sys {

namespace {

template <class Kernel>
auto ask_again(call what, Kernel kernel) noexcept {
    return repeated([&] { return ask(what, kernel); });
}

/// `kernel(bytes)` moves at most so many bytes.
template <class Kernel>
std::ptrdiff_t transfer(call what, std::size_t bytes, Kernel kernel) noexcept {
    return repeated([&]() -> std::ptrdiff_t {
        const std::ptrdiff_t most = admitted(what, bytes);
        if (most < 0) {
            return most;
        }
        const std::ptrdiff_t moved = kernel(static_cast<std::size_t>(most));
        return moved < 0 ? -errno : moved;
    });
}

}  // namespace

int open(const char* path, open_how how) noexcept {
    const int flags = open_flags(how);
    return ask_again(call::open, [&] { return ::open(path, flags, for_everybody); });
}

int open_null() noexcept {
    return ask_again(call::open, [] { return ::open("/dev/null", O_RDWR | O_CLOEXEC); });
}

int describe(int fd, file_about& about) noexcept {
    struct stat status{};
    if (const int result = ask(call::fstat, [&] { return ::fstat(fd, &status); }); result < 0) {
        return result;
    }
    about.size = S_ISREG(status.st_mode) ? status.st_size : 0;
    about.is_directory = S_ISDIR(status.st_mode);
    about.is_seekable = position(fd) >= 0;
    return 0;
}

std::int64_t position(int fd) noexcept {
    return ask_again(call::lseek, [&]() -> std::int64_t { return ::lseek(fd, 0, SEEK_CUR); });
}

std::ptrdiff_t read(int fd, void* to, std::size_t most) noexcept {
    return transfer(call::read, most, [&](std::size_t n) { return ::read(fd, to, n); });
}

std::ptrdiff_t write(int fd, const void* from, std::size_t size) noexcept {
    return transfer(call::write, size, [&](std::size_t n) { return ::write(fd, from, n); });
}

std::ptrdiff_t read_at(int fd, void* to, std::size_t most, std::int64_t offset) noexcept {
    return transfer(call::pread, most, [&](std::size_t n) { return ::pread(fd, to, n, offset); });
}

std::ptrdiff_t write_at(int fd, const void* from, std::size_t size, std::int64_t offset) noexcept {
    return transfer(call::pwrite, size,
                    [&](std::size_t n) { return ::pwrite(fd, from, n, offset); });
}

int truncate(int fd, std::int64_t size) noexcept {
    return ask_again(call::ftruncate, [&] { return ::ftruncate(fd, size); });
}

int sync(int fd) noexcept {
    return ask_again(call::fsync, [&] { return ::fsync(fd); });
}

int close_checked(int fd) noexcept {
    // Linux frees the descriptor even when close() is interrupted, so it is never repeated.
    const int refused = at_door != nullptr ? refusal(call::close) : 0;
    const int closed = ::close(fd) < 0 ? -errno : 0;
    const int result = refused < 0 ? refused : closed;
    return result == -EINTR ? 0 : result;
}

}  // namespace rondo::sys
