// SPDX-License-Identifier: MIT
#include <rondo/sys/interrupt.hpp>

#include <csignal>

#include <sys/syscall.h>
#include <unistd.h>

namespace rondo::sys {

namespace {

bool is_main_thread() noexcept { return ::getpid() == static_cast<pid_t>(::syscall(SYS_gettid)); }

}  // namespace

bool catch_interrupt_once(void (*handler)(int)) noexcept {
    struct sigaction now{};
    if (!is_main_thread() || ::sigaction(SIGINT, nullptr, &now) != 0 || now.sa_handler != SIG_DFL) {
        return false;
    }
    struct sigaction ours{};
    ours.sa_handler = handler;
    ours.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    return ::sigaction(SIGINT, &ours, nullptr) == 0;
}

void release_interrupt(void (*handler)(int)) noexcept {
    struct sigaction now{};
    if (::sigaction(SIGINT, nullptr, &now) == 0 && now.sa_handler == handler) {
        struct sigaction fallback{};
        fallback.sa_handler = SIG_DFL;
        ::sigaction(SIGINT, &fallback, nullptr);
    }
}

}  // namespace rondo::sys
