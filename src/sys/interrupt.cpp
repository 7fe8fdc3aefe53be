// SPDX-License-Identifier: MIT
#include <rondo/sys/interrupt.hpp>

#include <csignal>

#include <sys/syscall.h>
#include <unistd.h>

namespace rondo::sys {

namespace {

struct sigaction before{};  // what catch_interrupt_once replaced

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
    return ::sigaction(SIGINT, &ours, &before) == 0;
}

void release_interrupt(void (*handler)(int)) noexcept {
    struct sigaction now{};
    ::sigaction(SIGINT, nullptr, &now);
    const bool still_ours = now.sa_handler == handler || now.sa_handler == SIG_DFL;
    if (still_ours) {
        ::sigaction(SIGINT, &before, nullptr);
    }
}

}  // namespace rondo::sys
