// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <csignal>
#include <ctime>

namespace rondo::sys {

/// Keeps away from this thread the SIGPIPE that a system call raises. What the call returns does
/// not tell whether it did: the kernel also raises it and gives the count of what went before. So
/// the end asks what is pending.
class without_sigpipe {
public:
    without_sigpipe() noexcept {
        sigemptyset(&sigpipe_);
        sigaddset(&sigpipe_, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
        // Only where it was blocked before can one be pending that is none of the call's.
        was_pending_ = was_blocked() && is_pending();
    }
    without_sigpipe(const without_sigpipe&) = delete;
    without_sigpipe& operator=(const without_sigpipe&) = delete;
    ~without_sigpipe() {
        if (!was_pending_) {
            take_back();
        }
        if (!was_blocked()) {
            ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
        }
    }

private:
    bool was_blocked() const noexcept { return sigismember(&before_, SIGPIPE) == 1; }
    static bool is_pending() noexcept {
        sigset_t pending;
        return ::sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
    }
    void take_back() const noexcept {
        const timespec at_once{};
        while (::sigtimedwait(&sigpipe_, nullptr, &at_once) < 0 && errno == EINTR) {
        }
    }

    sigset_t sigpipe_;
    sigset_t before_;
    bool was_pending_;
};

}  // namespace rondo::sys
