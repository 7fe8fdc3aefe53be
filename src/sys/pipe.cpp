// SPDX-License-Identifier: MIT
#include "sys/pipe.hpp"

#include "sys/door.hpp"
#include "sys/file.hpp"
#include "sys/io_vector.hpp"
#include "sys/without_sigpipe.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace rondo::sys {

int pipe(unique_fd& read_end, unique_fd& write_end) noexcept {
    int ends[2];
    if (const int result = ask(call::pipe, [&] { return ::pipe2(ends, O_CLOEXEC); }); result < 0) {
        return result;
    }
    read_end = unique_fd(ends[0]);
    write_end = unique_fd(ends[1]);
    return 0;
}

std::ptrdiff_t write_to_pipe(int fd, const void* from, std::size_t size) noexcept {
    const without_sigpipe guard;  // there is no MSG_NOSIGNAL for pipes
    return write(fd, from, size);
}

std::ptrdiff_t write_pieces_to_pipe(int fd, std::span<const std::string_view> pieces) noexcept {
    const without_sigpipe guard;
    return repeated([&] {
        return ask(call::writev, [&]() -> std::ptrdiff_t {
            io_vector vector(pieces);
            return ::writev(fd, vector.data(), static_cast<int>(vector.size()));
        });
    });
}

}  // namespace rondo::sys
