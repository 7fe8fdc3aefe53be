// SPDX-License-Identifier: MIT
#pragma once

#include "os/file_work.hpp"

/// The functions of file_work, carried out by the kernel without a thread of ours. Only for what
/// can be sought: the kernel would send SIGPIPE for a pipe.
namespace rondo::detail::file_work::on_ring {

coro<opened> open(std::string path, sys::open_how how);
coro<bytes_read> read(shared_fd fd, std::int64_t from, std::size_t most);
coro<bytes_written> write(shared_fd fd, offset to, std::string data);
coro<std::int64_t> size(shared_fd fd);
coro<int> sync(shared_fd fd);
coro<int> close(shared_fd fd);

}  // namespace rondo::detail::file_work::on_ring
