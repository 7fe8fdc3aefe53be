// SPDX-License-Identifier: MIT
#include "sys/sys.hpp"

#include "sys/door.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <ctime>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rondo::sys {

namespace {

static_assert(sizeof(epoll_report) == sizeof(epoll_event) &&
              offsetof(epoll_report, data) == offsetof(epoll_event, data) && epoll_in == EPOLLIN &&
              epoll_urgent == EPOLLPRI && epoll_out == EPOLLOUT && epoll_error == EPOLLERR &&
              epoll_hangup == EPOLLHUP && epoll_read_hangup == EPOLLRDHUP &&
              epoll_edge == static_cast<unsigned>(EPOLLET));

/// For kernels before 5.11, and for valgrind, which know no epoll_pwait2: late, but never early.
int rounded_up_to_ms(std::int64_t nanoseconds) noexcept {
    if (nanoseconds < 0) {
        return -1;
    }
    const std::int64_t milliseconds = nanoseconds / 1'000'000 + (nanoseconds % 1'000'000 != 0);
    return static_cast<int>(std::min<std::int64_t>(milliseconds, 24 * 3600 * 1000));
}

int epoll_change(int epoll, int operation, int fd, std::uint32_t events,
                 std::uint64_t data) noexcept {
    epoll_event event{};
    event.events = events;
    event.data.u64 = data;
    return ask(call::epoll_ctl, [&] { return ::epoll_ctl(epoll, operation, fd, &event); });
}

}  // namespace

std::int64_t monotonic_now() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

int epoll_create() noexcept {
    return ask(call::epoll_create, [] { return ::epoll_create1(EPOLL_CLOEXEC); });
}
int epoll_add(int epoll, int fd, std::uint32_t events, std::uint64_t data) noexcept {
    return epoll_change(epoll, EPOLL_CTL_ADD, fd, events, data);
}
int epoll_modify(int epoll, int fd, std::uint32_t events, std::uint64_t data) noexcept {
    return epoll_change(epoll, EPOLL_CTL_MOD, fd, events, data);
}
int epoll_remove(int epoll, int fd) noexcept {
    return epoll_change(epoll, EPOLL_CTL_DEL, fd, 0, 0);
}

int epoll_wait(int epoll, std::span<epoll_report> reports, std::int64_t nanoseconds) noexcept {
    auto* const events = reinterpret_cast<epoll_event*>(reports.data());
    const int size = static_cast<int>(reports.size());
    timespec limit{};
    limit.tv_sec = nanoseconds / 1'000'000'000;
    limit.tv_nsec = nanoseconds % 1'000'000'000;
    int count = ask(call::epoll_wait, [&] {
        return ::epoll_pwait2(epoll, events, size, nanoseconds < 0 ? nullptr : &limit, nullptr);
    });
    if (count == -ENOSYS) {
        count = ask(call::epoll_wait, [&] {
            return ::epoll_wait(epoll, events, size, rounded_up_to_ms(nanoseconds));
        });
    }
    return count == -EINTR ? 0 : count;
}

int eventfd() noexcept {
    return ask(call::eventfd, [] { return ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); });
}

void eventfd_signal(int fd) noexcept {
    const int before = errno;
    const std::uint64_t one = 1;
    // EAGAIN means that the counter is full: the reader has a signal waiting already.
    [[maybe_unused]] const auto written = ::write(fd, &one, sizeof one);
    errno = before;
}

void eventfd_clear(int fd) noexcept {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(fd, &count, sizeof count);
}

bool is_pipe(int fd) noexcept {
    struct stat about{};
    return ask(call::fstat, [&] { return ::fstat(fd, &about); }) == 0 && S_ISFIFO(about.st_mode);
}

bool is_tcp(int fd) noexcept {
    if (at_door != nullptr && simulated(fd) != nullptr) {
        return true;
    }
    int protocol = 0;
    socklen_t size = sizeof protocol;
    const int asked = ask(call::getsockopt, [&] {
        return ::getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size);
    });
    return asked == 0 && protocol == IPPROTO_TCP;
}

void close(int fd) noexcept {
    if (socket_calls* const sockets = at_door != nullptr ? simulated(fd) : nullptr) {
        sockets->closes(fd);
    }
    // Linux frees the descriptor even when close() is interrupted, so it is never repeated.
    ::close(fd);
}

std::int64_t descriptor_limit() noexcept {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<std::int64_t>(limit.rlim_cur) : -1;
}

}  // namespace rondo::sys
