// SPDX-License-Identifier: MIT
#include <rondo/os/file.hpp>
#include <rondo/os/threads.hpp>
#include <rondo/sys/file.hpp>
#include <rondo/sys/sys.hpp>

#include <cstddef>
#include <string_view>
#include <system_error>
#include <utility>

namespace rondo {

namespace {

/// An open file of a thread, and what it is called.
class opened {
public:
    opened(int fd, const std::string& path) : fd_(fd), path_(path) { check(fd, "open"); }
    opened(const opened&) = delete;
    opened& operator=(const opened&) = delete;
    ~opened() {
        if (fd_ >= 0) {
            sys::close(fd_);
        }
    }

    template <class Result>
    Result check(Result result, const char* operation) const {
        if (result < 0) {
            throw std::system_error(static_cast<int>(-result), std::generic_category(),
                                    std::string(operation) + " " + path_);
        }
        return result;
    }
    int fd() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_;
    const std::string& path_;
};

std::string read_whole(const std::string& path) {
    const opened file(sys::open_to_read(path.c_str()), path);
    // One byte more than there seems to be: then a read that is not full means the end. Files
    // that say nothing of their size, such as those in /proc, grow it as they come.
    constexpr std::size_t least = 4096;
    const auto expected = static_cast<std::size_t>(file.check(sys::file_size(file.fd()), "stat"));
    std::string data(expected > 0 ? expected + 1 : least, '\0');
    std::size_t size = 0;
    for (;;) {
        const auto got =
            file.check(sys::read(file.fd(), data.data() + size, data.size() - size), "read");
        if (got == 0) {
            break;
        }
        size += static_cast<std::size_t>(got);
        if (size == data.size()) {
            data.resize(2 * size);
        }
    }
    data.resize(size);
    return data;
}

void write_whole(const std::string& path, std::string_view data) {
    opened file(sys::open_to_write(path.c_str()), path);
    while (!data.empty()) {
        const auto went = file.check(sys::write(file.fd(), data.data(), data.size()), "write");
        data.remove_prefix(static_cast<std::size_t>(went));
    }
    file.check(sys::close_checked(file.release()), "close");
}

}  // namespace

coro<std::string> read_file(std::string path) {
    return to_thread(abandon_on_cancel, read_whole, std::move(path));
}

coro<void> write_file(std::string path, std::string data) {
    return to_thread(write_whole, std::move(path), std::move(data));
}

}  // namespace rondo
