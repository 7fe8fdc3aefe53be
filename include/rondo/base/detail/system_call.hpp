// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace rondo::detail {

/// The system calls, by name.
enum class system_call : std::uint8_t {
    accept,
    bind,
    close,
    connect,
    dup,
    epoll_create,
    epoll_ctl,
    epoll_wait,
    eventfd,
    faccessat,
    fcntl,
    fstat,
    fstatat,
    fsync,
    ftruncate,
    getpeername,
    getsockname,
    getsockopt,
    io_uring_enter,
    io_uring_setup,
    ioctl,
    listen,
    lseek,
    open,
    pidfd_open,
    pidfd_send_signal,
    pipe,
    poll,
    pread,
    posix_spawn,
    pwrite,
    read,
    recv,
    recvfrom,
    send,
    sendfile,
    sendmsg,
    sendto,
    setsockopt,
    shutdown,
    sigaction,
    socket,
    socketpair,
    stat,
    unlink,
    waitid,
    write,
    writev,
};

}  // namespace rondo::detail
