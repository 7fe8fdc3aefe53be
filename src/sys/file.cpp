// SPDX-License-Identifier: MIT
#include <rondo/sys/file.hpp>

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rondo::sys {

namespace {

template <class Call>
auto repeated(Call call) noexcept {
    for (;;) {
        const auto result = call();
        if (result >= 0) {
            return result;
        }
        if (errno != EINTR) {
            return static_cast<decltype(result)>(-errno);
        }
    }
}

constexpr mode_t for_everybody = 0666;  // what the umask leaves of it

}  // namespace

int open(const char* path, open_how how) noexcept {
    const int access = how.read && how.write ? O_RDWR : how.write ? O_WRONLY : O_RDONLY;
    const int flags = access | O_CLOEXEC | (how.append ? O_APPEND : 0) |
                      (how.create ? O_CREAT : 0) | (how.truncate ? O_TRUNC : 0) |
                      (how.exclusive ? O_EXCL : 0);
    return repeated([&] { return ::open(path, flags, for_everybody); });
}

int open_null() noexcept {
    return repeated([] { return ::open("/dev/null", O_RDWR | O_CLOEXEC); });
}

int describe(int fd, file_about& about) noexcept {
    struct stat status{};
    if (::fstat(fd, &status) < 0) {
        return -errno;
    }
    about.size = S_ISREG(status.st_mode) ? status.st_size : 0;
    about.is_directory = S_ISDIR(status.st_mode);
    about.is_seekable = ::lseek(fd, 0, SEEK_CUR) >= 0;
    return 0;
}

std::int64_t position(int fd) noexcept {
    return repeated([&]() -> std::int64_t { return ::lseek(fd, 0, SEEK_CUR); });
}

std::ptrdiff_t read(int fd, void* to, std::size_t most) noexcept {
    return repeated([&]() -> std::ptrdiff_t { return ::read(fd, to, most); });
}

std::ptrdiff_t write(int fd, const void* from, std::size_t size) noexcept {
    return repeated([&]() -> std::ptrdiff_t { return ::write(fd, from, size); });
}

std::ptrdiff_t read_at(int fd, void* to, std::size_t most, std::int64_t offset) noexcept {
    return repeated([&]() -> std::ptrdiff_t { return ::pread(fd, to, most, offset); });
}

std::ptrdiff_t write_at(int fd, const void* from, std::size_t size, std::int64_t offset) noexcept {
    return repeated([&]() -> std::ptrdiff_t { return ::pwrite(fd, from, size, offset); });
}

int truncate(int fd, std::int64_t size) noexcept {
    return repeated([&] { return ::ftruncate(fd, size); });
}

int sync(int fd) noexcept {
    return repeated([&] { return ::fsync(fd); });
}

int close_checked(int fd) noexcept {
    // Linux frees the descriptor even when close() is interrupted, so it is never repeated.
    const int result = ::close(fd) < 0 ? -errno : 0;
    return result == -EINTR ? 0 : result;
}

}  // namespace rondo::sys
