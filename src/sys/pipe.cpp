// SPDX-License-Identifier: MIT
#include "sys/door.hpp"
#include <rondo/sys/file.hpp>
#include <rondo/sys/pipe.hpp>

#include <cerrno>
#include <csignal>
#include <ctime>

#include <fcntl.h>
#include <unistd.h>

namespace rondo::sys {

namespace {

/// Keeps SIGPIPE away from this thread.
class without_sigpipe {
public:
    without_sigpipe() noexcept {
        sigemptyset(&sigpipe_);
        sigaddset(&sigpipe_, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
    }
    without_sigpipe(const without_sigpipe&) = delete;
    without_sigpipe& operator=(const without_sigpipe&) = delete;
    ~without_sigpipe() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    /// Takes back what was raised; where it was blocked before, the program sees to that itself.
    void forget_raised() noexcept {
        const timespec at_once{};
        while (sigismember(&before_, SIGPIPE) == 0 &&
               ::sigtimedwait(&sigpipe_, nullptr, &at_once) < 0 && errno == EINTR) {
        }
    }

private:
    sigset_t sigpipe_;
    sigset_t before_;
};

}  // namespace

int pipe(unique_fd& read_end, unique_fd& write_end) noexcept {
    int ends[2];
    if (const int result = ask(call::pipe, [&] { return ::pipe2(ends, O_CLOEXEC); }); result < 0) {
        return result;
    }
    read_end = unique_fd(ends[0]);
    write_end = unique_fd(ends[1]);
    return 0;
}

std::ptrdiff_t write_to_pipe(int fd, const void* from, std::size_t size) noexcept {
    without_sigpipe guard;  // there is no MSG_NOSIGNAL for pipes
    const std::ptrdiff_t written = write(fd, from, size);
    if (written == -EPIPE) {
        guard.forget_raised();
    }
    return written;
}

}  // namespace rondo::sys
