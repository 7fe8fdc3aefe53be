// SPDX-License-Identifier: MIT
#pragma once

#include "io/fd_state.hpp"
#include <rondo/core/coro.hpp>
#include <rondo/core/sleep.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <utility>

namespace rondo::detail {

/// Repeats `attempt(fd)` while it says -EAGAIN, for the calls to the other end of a Unix socket of
/// which no driver can tell when they are worth a try: the kernel knows whether this end is ready,
/// not whether that one has room. Gives the result, or -errno.
template <class Attempt>
coro<std::ptrdiff_t> with_pauses(fd_ref given, Attempt attempt) {
    constexpr nanoseconds longest_pause = std::chrono::milliseconds(50);
    nanoseconds pause = std::chrono::milliseconds(1);
    const fd_ref s = std::move(given);
    for (;;) {
        // It may have been closed since this was called, and another one may have its number.
        const std::ptrdiff_t result = s->is_closed() ? -EBADF : attempt(s->fd());
        if (result != -EAGAIN) {
            co_return result;
        }
        co_await sleep(pause);
        pause = std::min(2 * pause, longest_pause);
    }
}

}  // namespace rondo::detail
