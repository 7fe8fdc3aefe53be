// SPDX-License-Identifier: MIT
#include <rondo/core/interrupt.hpp>

#include <rondo/core/loop.hpp>

#include <atomic>
#include <csignal>
#include <sys/syscall.h>
#include <unistd.h>

namespace rondo::detail {

namespace {

// What the signal handler touches: lock-free atomics, and a driver's wake(), which is one write().
std::atomic<driver*> interrupted_driver{nullptr};
std::atomic<bool> interrupted{false};

void on_sigint(int) {
    interrupted.store(true);
    if (driver* d = interrupted_driver.load()) {
        d->wake();
    }
}

bool is_main_thread() noexcept { return ::getpid() == static_cast<pid_t>(::syscall(SYS_gettid)); }

}  // namespace

bool interrupt_requested() noexcept { return interrupted.load(std::memory_order_relaxed); }

interrupt_guard::interrupt_guard(event_loop& loop, any_task main) {
    struct sigaction now {};
    if (!is_main_thread() || ::sigaction(SIGINT, nullptr, &now) != 0 ||
        now.sa_handler != SIG_DFL) {
        return;
    }
    interrupted.store(false);
    interrupted_driver.store(&core_of(loop).io());
    core_of(loop).set_interrupt_target(&main.core());
    struct sigaction ours {};
    ours.sa_handler = on_sigint;
    ours.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);  // the second one kills
    installed_ = ::sigaction(SIGINT, &ours, &before_) == 0;
    loop_ = &loop;
}

interrupt_guard::~interrupt_guard() {
    if (installed_) {
        core_of(*loop_).set_interrupt_target(nullptr);
        struct sigaction now {};
        ::sigaction(SIGINT, nullptr, &now);
        if (now.sa_handler == on_sigint || now.sa_handler == SIG_DFL) {  // nobody put in another one
            ::sigaction(SIGINT, &before_, nullptr);
        }
        interrupted_driver.store(nullptr);
        interrupted.store(false);
    }
}

bool interrupt_guard::happened() const noexcept { return installed_ && interrupt_requested(); }

}  // namespace rondo::detail
