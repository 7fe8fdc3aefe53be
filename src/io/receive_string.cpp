// SPDX-License-Identifier: MIT

// Compiled as C++23: before that the memory of a string cannot be received into without being
// zeroed first, which takes as long as the copy that it saves.
#include "io/receive_string.hpp"

#include "io/operations.hpp"

#include <algorithm>
#include <cerrno>
#include <exception>

namespace rondo::detail {

namespace {

std::ptrdiff_t receive_into(fd_state& from, std::string& to, std::size_t most) noexcept {
    std::ptrdiff_t got = -ENOMEM;
    try {
        to.resize_and_overwrite(most, [&](char* memory, std::size_t size) noexcept {
            got = receive(from, {memory, size});
            return static_cast<std::size_t>(std::max<std::ptrdiff_t>(got, 0));
        });
    } catch (const std::exception&) {
    }
    return got;
}

}  // namespace

std::ptrdiff_t receive_string(fd_state& from, std::string& to, std::size_t most,
                              read_size& size) noexcept {
    std::size_t room = std::min(most, size.room());
    std::ptrdiff_t got = 0;
    if (room == 0) [[likely]] {
        room = std::min(most, scratch_size);
        got = receive_appending(from, to, room);
    } else {
        got = receive_into(from, to, room);
        if (to.size() < room / 2) {
            to.shrink_to_fit();  // who waits holds no memory, and a small string not much of it
        }
    }
    if (got > 0) {
        size.note(static_cast<std::size_t>(got), room);
    }
    return got;
}

}  // namespace rondo::detail
