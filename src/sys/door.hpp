// SPDX-License-Identifier: MIT
#pragma once

#include "sys/doorkeeper.hpp"

#include <cerrno>
#include <cstddef>

namespace rondo::sys {

/// The youngest doorkeeper of this thread.
extern constinit thread_local doorkeeper* at_door;

/// What the doorkeepers say to a call: 0, or -errno.
int refusal(call what, std::size_t& bytes) noexcept;
int refusal(call what) noexcept;
socket_calls* simulated(int fd) noexcept;

/// A system call: its result, or -errno. Every one is made by these functions.
template <class Kernel>
auto ask(call what, Kernel kernel) noexcept {
    using result = decltype(kernel());
    if (at_door != nullptr) [[unlikely]] {
        if (const int refused = refusal(what); refused < 0) {
            return static_cast<result>(refused);
        }
    }
    const result r = kernel();
    return r < 0 ? static_cast<result>(-errno) : r;
}

/// The same about a socket, which may be a simulated one.
template <class Kernel, class Simulated>
auto ask(call what, int fd, Kernel kernel, Simulated simulation) noexcept {
    using result = decltype(kernel());
    if (at_door != nullptr) [[unlikely]] {
        if (const int refused = refusal(what); refused < 0) {
            return static_cast<result>(refused);
        }
        if (socket_calls* const sockets = simulated(fd)) {
            return static_cast<result>(simulation(*sockets));
        }
    }
    const result r = kernel();
    return r < 0 ? static_cast<result>(-errno) : r;
}

/// How many of so many bytes a transfer may have; -errno when none.
inline std::ptrdiff_t admitted(call what, std::size_t bytes) noexcept {
    if (at_door != nullptr) [[unlikely]] {
        if (const int refused = refusal(what, bytes); refused < 0) {
            return refused;
        }
    }
    return static_cast<std::ptrdiff_t>(bytes);
}

/// Makes the call again when it is interrupted. Not for ever: what is interrupted so often gets
/// nowhere, and who made the call is told so rather than kept in it.
template <class Call>
auto repeated(Call attempt) noexcept {
    constexpr int most_times = 100'000;
    auto result = attempt();
    for (int i = 1; i < most_times && result == -EINTR; ++i) {
        result = attempt();
    }
    return result;
}

}  // namespace rondo::sys
