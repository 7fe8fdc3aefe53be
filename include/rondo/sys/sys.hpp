// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

struct epoll_event;

/// Every system call that rondo makes: the only door to the kernel. One thin wrapper each; those
/// that can be interrupted are repeated on EINTR. Negative results are -errno.
namespace rondo::sys {

/// CLOCK_MONOTONIC in nanoseconds.
std::int64_t monotonic_now() noexcept;

int epoll_create() noexcept;
int epoll_add(int epoll, int fd, std::uint32_t events, std::uint64_t data) noexcept;
int epoll_modify(int epoll, int fd, std::uint32_t events, std::uint64_t data) noexcept;
int epoll_remove(int epoll, int fd) noexcept;
/// Waits at most that long; negative means for ever. EINTR is an empty answer.
int epoll_wait(int epoll, std::span<epoll_event> events, std::int64_t nanoseconds) noexcept;

int eventfd() noexcept;
/// Async-signal-safe.
void eventfd_signal(int fd) noexcept;
void eventfd_clear(int fd) noexcept;

void close(int fd) noexcept;

}  // namespace rondo::sys
