// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/driver.hpp>

#include <cerrno>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rondo_test {

/// Closed at the end, or before.
class descriptor {
public:
    explicit descriptor(int fd) noexcept : fd_(fd) {}
    descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    ~descriptor() { close(); }
    void close() noexcept {
        if (fd_ >= 0) {
            ::close(std::exchange(fd_, -1));
        }
    }
    int operator*() const noexcept { return fd_; }

    void send(std::string_view bytes) const {
        static_cast<void>(::write(fd_, bytes.data(), bytes.size()) > 0);
    }
    /// Reads what there is.
    void drain() const {
        char bytes[4096];
        while (::read(fd_, bytes, sizeof bytes) == sizeof bytes) {
        }
    }
    /// Whether the other side has ended by now.
    bool sees_the_end() const {
        char byte = 0;
        return ::recv(fd_, &byte, 1, MSG_DONTWAIT) == 0;
    }
    /// Whether it ends within a second.
    bool is_going_to_see_the_end() const {
        pollfd readable{fd_, POLLIN, 0};
        return ::poll(&readable, 1, 1000) == 1 && sees_the_end();
    }

private:
    int fd_;
};

struct ends {
    descriptor near;
    descriptor far;
};

inline ends socket_pair() {
    int both[2] = {-1, -1};
    const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    static_cast<void>(::socketpair(AF_UNIX, type, 0, both) == 0);
    return {descriptor(both[0]), descriptor(both[1])};
}

/// The near end is for reading.
inline ends pipe_pair() {
    int both[2] = {-1, -1};
    static_cast<void>(::pipe2(both, O_NONBLOCK | O_CLOEXEC) == 0);
    return {descriptor(both[0]), descriptor(both[1])};
}

inline ends tcp_pair() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const name = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    const descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    descriptor near(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const bool connected = ::bind(*listener, name, size) == 0 && ::listen(*listener, 1) == 0 &&
                           ::getsockname(*listener, name, &size) == 0 &&
                           ::connect(*near, name, size) == 0;
    descriptor far(connected ? ::accept4(*listener, nullptr, nullptr, SOCK_CLOEXEC) : -1);
    ::fcntl(*near, F_SETFL, O_NONBLOCK);
    ::fcntl(*far, F_SETFL, O_NONBLOCK);
    return {std::move(near), std::move(far)};
}

inline int open_descriptors() {
    int count = 0;
    for (int fd = 0; fd < 256; ++fd) {
        count += ::fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    }
    return count;
}

/// Whether this process may have that many descriptors.
inline bool allow_descriptors(rlim_t count) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < count ? limit.rlim_max : count;
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= count;
}

inline void do_nothing() {}

/// Whether `body` returns true in a child of this process, which begins after `before` has returned
/// in the parent.
template <class F, class Before = void (*)()>
bool in_a_child(F body, Before before = do_nothing) {
    ends go = pipe_pair();
    const pid_t child = ::fork();
    if (child == 0) {
        go.far.close();
        ::fcntl(*go.near, F_SETFL, 0);
        go.near.drain();
        ::_exit(body() ? 0 : 1);
    }
    before();
    go.far.close();
    int status = -1;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

inline bool is_a_socket(int fd) {
    struct stat about{};
    return ::fstat(fd, &about) == 0 && S_ISSOCK(about.st_mode);
}

/// Remembers what it was told.
class recorder : public rondo::fd_watch {
public:
    /// Of a socket by edge as rondo watches its own.
    recorder(int fd, bool edge) : recorder(fd, edge, edge && is_a_socket(fd)) {}
    recorder(int fd, bool edge, bool is_own_socket) : fd_watch(fd, edge, is_own_socket) {}
    virtual ~recorder() = default;
    void on_ready(rondo::io_events events, bool hangup) noexcept override {
        ++calls;
        told = told | events;
        hung_up = hung_up || hangup;
    }
    bool readable() const { return has(told, rondo::io_events::read); }
    bool writable() const { return has(told, rondo::io_events::write); }
    void forget() {
        calls = 0;
        told = rondo::io_events::none;
        hung_up = false;
    }

    int calls = 0;
    rondo::io_events told = rondo::io_events::none;
    bool hung_up = false;
};

}  // namespace rondo_test
