// SPDX-License-Identifier: MIT
#include "os/file_in_thread.hpp"

#include "sys/pipe.hpp"
#include <rondo/threads/to_thread.hpp>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

namespace rondo::detail::file_work::in_thread {

namespace {

// ---- what the threads do

opened open_now(const std::string& path, sys::open_how how) {
    opened result;
    result.fd = std::make_shared<descriptor>(sys::open(path.c_str(), how));
    const int fd = result.fd->get();
    result.error = fd < 0 ? fd : sys::describe(fd, result.about);
    return result;
}

std::size_t first_room(int fd, offset from, std::size_t most) {
    sys::file_about about;
    sys::describe(fd, about);
    return room_for(about.size - from.value_or(0), most);
}

std::ptrdiff_t read_once(int fd, offset from, std::string& to, std::size_t done) {
    char* const memory = to.data() + done;
    const std::size_t room = to.size() - done;
    return from ? sys::read_at(fd, memory, room, *from + static_cast<std::int64_t>(done))
                : sys::read(fd, memory, room);
}

bytes_read read_now(const shared_fd& fd, offset from, std::size_t most) {
    bytes_read result;
    const bool takes_what_there_is = !from && most != all;
    std::size_t done = 0;
    result.bytes.resize(first_room(fd->get(), from, most));
    while (done < most) {
        const std::ptrdiff_t got = read_once(fd->get(), from, result.bytes, done);
        if (got <= 0) {
            result.error = done == 0 ? static_cast<int>(got) : 0;
            break;
        }
        done += static_cast<std::size_t>(got);
        if (takes_what_there_is) {
            break;
        }
        if (done == result.bytes.size()) {
            result.bytes.resize(std::min(most, 2 * done));
        }
    }
    result.bytes.resize(done);
    return result;
}

bytes_written write_now(const shared_fd& fd, offset to, std::string_view data) {
    bytes_written result;
    while (result.count < data.size()) {
        const std::string_view left = data.substr(result.count);
        const std::ptrdiff_t went =
            to ? sys::write_at(fd->get(), left.data(), left.size(),
                               *to + static_cast<std::int64_t>(result.count))
               : sys::write_to_pipe(fd->get(), left.data(), left.size());
        if (went < 0) {
            result.error = static_cast<int>(went);
            break;
        }
        result.count += static_cast<std::size_t>(went);
    }
    result.position = sys::position(fd->get());
    return result;
}

std::int64_t size_now(const shared_fd& fd) {
    sys::file_about about;
    const int error = sys::describe(fd->get(), about);
    return error < 0 ? error : about.size;
}

/// A read that was abandoned may still have the descriptor, and closes it then.
int close_now(const shared_fd& fd) { return fd.use_count() == 1 ? fd->close() : 0; }

std::string read_whole_now(const std::string& path) {
    const opened file = open_now(path, {.read = true});
    check(file.error, "open", path);
    bytes_read result = read_now(file.fd, file.about.is_seekable ? offset(0) : std::nullopt, all);
    check(result.error, "read", path);
    return std::move(result.bytes);
}

void write_whole_now(const std::string& path, const std::string& data) {
    const opened file = open_now(path, {.write = true, .create = true, .truncate = true});
    check(file.error, "open", path);
    check(write_now(file.fd, std::nullopt, data).error, "write", path);
    check(close_now(file.fd), "close", path);
}

}  // namespace

// ---- who carries it out

coro<opened> open(std::string path, sys::open_how how) {
    return to_thread(abandon_on_cancel, open_now, std::move(path), how);
}

coro<bytes_read> read(shared_fd fd, offset from, std::size_t most) {
    return from ? to_thread(abandon_on_cancel, read_now, std::move(fd), from, most)
                : to_thread(read_now, std::move(fd), from, most);
}

coro<bytes_written> write(shared_fd fd, offset to, std::string data) {
    return to_thread(write_now, std::move(fd), to, std::move(data));
}

coro<std::int64_t> size(shared_fd fd) {
    return to_thread(abandon_on_cancel, size_now, std::move(fd));
}

coro<int> truncate(shared_fd fd, std::int64_t size) {
    return to_thread(
        [](const shared_fd& of, std::int64_t to) { return sys::truncate(of->get(), to); },
        std::move(fd), size);
}

coro<int> sync(shared_fd fd) {
    return to_thread([](const shared_fd& of) { return sys::sync(of->get()); }, std::move(fd));
}

coro<int> close(shared_fd fd) { return to_thread(close_now, std::move(fd)); }

coro<std::string> read_whole(std::string path) {
    return to_thread(abandon_on_cancel, read_whole_now, std::move(path));
}

coro<void> write_whole(std::string path, std::string data) {
    return to_thread(write_whole_now, std::move(path), std::move(data));
}

}  // namespace rondo::detail::file_work::in_thread
