// SPDX-License-Identifier: MIT
#pragma once

#include "os/file_work.hpp"

/// The functions of file_work, carried out by a thread of the running loop's pool.
namespace rondo::detail::file_work::in_thread {

coro<opened> open(std::string path, sys::open_how how);
coro<bytes_read> read(shared_fd fd, offset from, std::size_t most);
coro<bytes_written> write(shared_fd fd, offset to, std::string data);
coro<std::int64_t> size(shared_fd fd);
coro<int> truncate(shared_fd fd, std::int64_t size);
coro<int> sync(shared_fd fd);
coro<int> close(shared_fd fd);
coro<std::string> read_whole(std::string path);
coro<void> write_whole(std::string path, std::string data);

}  // namespace rondo::detail::file_work::in_thread
