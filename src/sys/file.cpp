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

int open_to_read(const char* path) noexcept {
    return repeated([&] { return ::open(path, O_RDONLY | O_CLOEXEC); });
}

int open_to_write(const char* path) noexcept {
    return repeated(
        [&] { return ::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, for_everybody); });
}

int open_null() noexcept {
    return repeated([] { return ::open("/dev/null", O_RDWR | O_CLOEXEC); });
}

std::int64_t file_size(int fd) noexcept {
    struct stat about{};
    if (::fstat(fd, &about) < 0) {
        return -errno;
    }
    return S_ISREG(about.st_mode) ? about.st_size : 0;
}

std::ptrdiff_t read(int fd, void* to, std::size_t most) noexcept {
    return repeated([&]() -> std::ptrdiff_t { return ::read(fd, to, most); });
}

std::ptrdiff_t write(int fd, const void* from, std::size_t size) noexcept {
    return repeated([&]() -> std::ptrdiff_t { return ::write(fd, from, size); });
}

int close_checked(int fd) noexcept {
    // Linux frees the descriptor even when close() is interrupted, so it is never repeated.
    const int result = ::close(fd) < 0 ? -errno : 0;
    return result == -EINTR ? 0 : result;
}

}  // namespace rondo::sys
