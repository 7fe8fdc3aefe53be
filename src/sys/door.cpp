// SPDX-License-Identifier: MIT
#include "sys/door.hpp"

#include <rondo/base/detail/assert.hpp>

#include <cerrno>

#include <sys/eventfd.h>

namespace rondo::sys {

constinit thread_local doorkeeper* at_door = nullptr;

namespace {

constexpr const char* names[] = {
    "accept",
    "bind",
    "close",
    "connect",
    "dup",
    "epoll_create",
    "epoll_ctl",
    "epoll_wait",
    "eventfd",
    "faccessat",
    "fcntl",
    "fstat",
    "fstatat",
    "fsync",
    "ftruncate",
    "getpeername",
    "getsockname",
    "getsockopt",
    "io_uring_enter",
    "io_uring_setup",
    "ioctl",
    "listen",
    "lseek",

    "open",
    "pidfd_open",
    "pidfd_send_signal",
    "pipe",
    "poll",
    "pread",
    "posix_spawn",
    "pwrite",
    "read",
    "recv",
    "recvfrom",
    "send",
    "sendfile",
    "sendmsg",
    "sendto",
    "setsockopt",
    "shutdown",
    "sigaction",
    "socket",
    "socketpair",
    "stat",
    "unlink",
    "waitid",
    "write",
    "writev",
};
static_assert(sizeof names / sizeof names[0] == call_count);

}  // namespace

const char* name_of(call what) noexcept { return names[static_cast<std::size_t>(what)]; }

doorkeeper::doorkeeper() noexcept : next_(at_door) { at_door = this; }

doorkeeper::~doorkeeper() {
    doorkeeper** at = &at_door;
    while (*at != nullptr && *at != this) {
        at = &(*at)->next_;
    }
    RONDO_ASSERT(*at == this, "a doorkeeper is destroyed by the thread that made it");
    *at = next_;
}

int doorkeeper::before(call, std::size_t&) noexcept { return 0; }
socket_calls* doorkeeper::sockets_of(int) noexcept { return nullptr; }

int refusal(call what, std::size_t& bytes) noexcept {
    for (doorkeeper* keeper = at_door; keeper != nullptr; keeper = keeper->next()) {
        if (const int refused = keeper->before(what, bytes); refused < 0) {
            return refused;
        }
    }
    return 0;
}

int refusal(call what) noexcept {
    std::size_t any = 0;
    return refusal(what, any);
}

socket_calls* simulated(int fd) noexcept {
    for (doorkeeper* keeper = at_door; keeper != nullptr; keeper = keeper->next()) {
        if (socket_calls* const sockets = keeper->sockets_of(fd)) {
            return sockets;
        }
    }
    return nullptr;
}

bool door_is_kept() noexcept { return at_door != nullptr; }

doorkeeper* companion() noexcept {
    doorkeeper* keeper = at_door;
    while (keeper != nullptr && !keeper->goes_along()) {
        keeper = keeper->next();
    }
    return keeper;
}

int spare_descriptor() noexcept {
    const int fd = ::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

bool lookup_at_once(const char* host, std::vector<socket_address>& found, int& code) {
    socket_calls* const sockets = simulated(-1);
    if (sockets == nullptr) {
        return false;
    }
    code = sockets->lookup(host, found);
    return true;
}

}  // namespace rondo::sys
