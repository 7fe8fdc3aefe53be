// SPDX-License-Identifier: MIT
#include "sys/pipe.hpp"

#include <rondo/os/pipe.hpp>

#include <system_error>

namespace rondo {

pipe_ends pipe(std::size_t limit) {
    sys::unique_fd read_end;
    sys::unique_fd write_end;
    const int result = sys::pipe(read_end, write_end);
    if (result < 0) {
        throw std::system_error(-result, std::generic_category(), "pipe");
    }
    stream_reader reader(read_end.release(), limit);
    return pipe_ends{std::move(reader), stream_writer(write_end.release())};
}

}  // namespace rondo
