// SPDX-License-Identifier: MIT
#include "os/file_in_thread.hpp"
#include "os/file_on_ring.hpp"
#include <rondo/core/detail/loop_engine.hpp>
#include <rondo/core/with.hpp>

#include <algorithm>
#include <system_error>
#include <utility>

namespace rondo::detail::file_work {

namespace {

bool there_is_a_ring() { return running_core("a file").io().takes_operations(); }

coro<std::string> read_whole_on_ring(std::string path) {
    auto opening = on_ring::open(path, {.read = true});
    opened file = co_await opening;
    check(file.error, "open", path);
    auto reading = read(file.fd, file.about.is_seekable ? offset(0) : std::nullopt, all);
    bytes_read result = co_await reading;
    auto closing = on_ring::close(std::move(file.fd));
    co_await closing;
    check(result.error, "read", path);
    co_return std::move(result.bytes);
}

coro<void> write_whole_on_ring(std::string path, std::string data) {
    auto opening = on_ring::open(path, {.write = true, .create = true, .truncate = true});
    opened file = co_await opening;
    check(file.error, "open", path);
    const shielded to_the_end;
    auto writing = write(file.fd, std::nullopt, std::move(data));
    const bytes_written result = co_await writing;
    check(result.error, "write", path);
    auto closing = on_ring::close(std::move(file.fd));
    check(co_await closing, "close", path);
}

}  // namespace

std::size_t room_for(std::int64_t expected, std::size_t most) noexcept {
    constexpr std::int64_t least = 4096;
    return std::min(most, static_cast<std::size_t>(std::max(least - 1, expected)) + 1);
}

void fail(int negative_errno, const char* operation, const std::string& path) {
    throw std::system_error(-negative_errno, std::generic_category(),
                            std::string(operation) + " " + path);
}

coro<opened> open(std::string path, sys::open_how how) {
    return there_is_a_ring() ? on_ring::open(std::move(path), how)
                             : in_thread::open(std::move(path), how);
}

coro<bytes_read> read(shared_fd fd, offset from, std::size_t most) {
    return from && there_is_a_ring() ? on_ring::read(std::move(fd), *from, most)
                                     : in_thread::read(std::move(fd), from, most);
}

coro<bytes_written> write(shared_fd fd, offset to, std::string data) {
    const bool can_be_sought = to || sys::position(fd->get()) >= 0;
    return can_be_sought && there_is_a_ring()
               ? on_ring::write(std::move(fd), to, std::move(data))
               : in_thread::write(std::move(fd), to, std::move(data));
}

coro<std::int64_t> size(shared_fd fd) {
    return there_is_a_ring() ? on_ring::size(std::move(fd)) : in_thread::size(std::move(fd));
}

/// The ring cuts files since Linux 6.9 only.
coro<int> truncate(shared_fd fd, std::int64_t size) {
    return in_thread::truncate(std::move(fd), size);
}

coro<int> sync(shared_fd fd) {
    return there_is_a_ring() ? on_ring::sync(std::move(fd)) : in_thread::sync(std::move(fd));
}

coro<int> close(shared_fd fd) {
    return there_is_a_ring() ? on_ring::close(std::move(fd)) : in_thread::close(std::move(fd));
}

coro<std::string> read_whole(std::string path) {
    return there_is_a_ring() ? read_whole_on_ring(std::move(path))
                             : in_thread::read_whole(std::move(path));
}

coro<void> write_whole(std::string path, std::string data) {
    return there_is_a_ring() ? write_whole_on_ring(std::move(path), std::move(data))
                             : in_thread::write_whole(std::move(path), std::move(data));
}

}  // namespace rondo::detail::file_work
