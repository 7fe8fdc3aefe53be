// SPDX-License-Identifier: MIT
#include <rondo/core/interrupt.hpp>
#include <rondo/core/loop.hpp>
#include <rondo/sys/interrupt.hpp>
#include <rondo/sys/signal.hpp>

#include <atomic>

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

}  // namespace

bool interrupt_requested() noexcept { return interrupted.load(std::memory_order_relaxed); }

interrupt_guard::interrupt_guard(event_loop& loop, any_task main) {
    if (!sys::is_main_thread()) {
        return;  // and what the main thread's loop has set up stays
    }
    interrupted.store(false);
    interrupted_driver.store(&core_of(loop).io());
    if (!sys::catch_interrupt_once(on_sigint)) {
        interrupted_driver.store(nullptr);
        return;
    }
    core_of(loop).engine().set_interrupt_target(&main.core());
    loop_ = &loop;
}

interrupt_guard::~interrupt_guard() {
    if (loop_ != nullptr) {
        core_of(*loop_).engine().set_interrupt_target(nullptr);
        sys::release_interrupt(on_sigint);
        interrupted_driver.store(nullptr);
        interrupted.store(false);
    }
}

bool interrupt_guard::happened() const noexcept {
    return loop_ != nullptr && interrupt_requested();
}

}  // namespace rondo::detail
