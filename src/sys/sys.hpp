// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// Every system call that rondo makes: the only door to the kernel. One thin wrapper each; those
/// that can be interrupted are repeated on EINTR. Negative results are -errno.
namespace rondo::sys {

/// What epoll tells of one descriptor; the same bytes as the kernel's epoll_event, which is packed
/// on x86-64 and nowhere else.
#ifdef __x86_64__
struct [[gnu::packed]] epoll_report {
#else
struct epoll_report {
#endif
    std::uint32_t events;
    std::uint64_t data;
};
inline constexpr std::uint32_t epoll_in = 0x001;
inline constexpr std::uint32_t epoll_urgent = 0x002;
inline constexpr std::uint32_t epoll_out = 0x004;
inline constexpr std::uint32_t epoll_error = 0x008;
inline constexpr std::uint32_t epoll_hangup = 0x010;
inline constexpr std::uint32_t epoll_read_hangup = 0x2000;
inline constexpr std::uint32_t epoll_edge = 1u << 31;

/// CLOCK_MONOTONIC in nanoseconds.
std::int64_t monotonic_now() noexcept;

int epoll_create() noexcept;
int epoll_add(int epoll, int fd, std::uint32_t events, std::uint64_t data) noexcept;
int epoll_modify(int epoll, int fd, std::uint32_t events, std::uint64_t data) noexcept;
int epoll_remove(int epoll, int fd) noexcept;
/// Waits at most that long; negative means for ever. EINTR is an empty answer.
int epoll_wait(int epoll, std::span<epoll_report> reports, std::int64_t nanoseconds) noexcept;

int eventfd() noexcept;
/// Async-signal-safe.
void eventfd_signal(int fd) noexcept;
void eventfd_clear(int fd) noexcept;

/// False as well when there is no such descriptor.
bool is_pipe(int fd) noexcept;
/// Also of a simulated socket. A read of TCP that brings less than it has room for has brought all
/// there is, unless a byte is marked as urgent. Of the others it has not: a terminal gives a line,
/// a pipe perhaps a packet, and a Unix socket stops where descriptors were passed.
bool is_tcp(int fd) noexcept;
void close(int fd) noexcept;
/// How many descriptors this process may have; negative when that cannot be said.
std::int64_t descriptor_limit() noexcept;

}  // namespace rondo::sys
