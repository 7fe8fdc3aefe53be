// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rondo_test {

/// Two connected descriptors that do not block; both are closed at the end.
class descriptor_pair {
public:
    descriptor_pair(const descriptor_pair&) = delete;
    descriptor_pair& operator=(const descriptor_pair&) = delete;
    ~descriptor_pair() {
        ::close(ends[0]);
        ::close(ends[1]);
    }

protected:
    descriptor_pair() = default;
    int ends[2] = {-1, -1};
};

class pipe_pair : public descriptor_pair {
public:
    pipe_pair() { static_cast<void>(::pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0); }
    void send(std::string_view bytes) const {
        static_cast<void>(::write(write_end, bytes.data(), bytes.size()) > 0);
    }
    /// How many bytes were there.
    std::ptrdiff_t drain() const {
        char bytes[256];
        return ::read(read_end, bytes, sizeof bytes);
    }

    const int& read_end = ends[0];
    const int& write_end = ends[1];
};

class socket_pair : public descriptor_pair {
public:
    socket_pair() {
        const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
        static_cast<void>(::socketpair(AF_UNIX, type, 0, ends) == 0);
    }
    /// Sends until nothing more fits.
    void fill() const {
        char bytes[4096] = {};
        while (::send(near, bytes, sizeof bytes, MSG_NOSIGNAL) > 0) {
        }
    }

    const int& near = ends[0];
    const int& far = ends[1];
};

}  // namespace rondo_test
