// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <csignal>
#include <ctime>

namespace rondo::sys {

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

}  // namespace rondo::sys
