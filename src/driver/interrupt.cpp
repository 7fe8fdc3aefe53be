// SPDX-License-Identifier: MIT
#include "core/interrupt.hpp"

#include "sys/interrupt.hpp"
#include "sys/signal.hpp"
#include <rondo/core/event_loop.hpp>

#include <atomic>
#include <thread>

namespace rondo::detail {

namespace {

// What the signal handler touches: lock-free atomics, and a driver's wake(), which is one write().
std::atomic<driver*> interrupted_driver{nullptr};
std::atomic<int> handlers_running{0};
std::atomic<bool> interrupted{false};
static_assert(std::atomic<driver*>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
              std::atomic<bool>::is_always_lock_free);

void on_sigint(int) {
    interrupted.store(true);
    ++handlers_running;
    if (driver* d = interrupted_driver.load()) {
        d->wake();
    }
    --handlers_running;
}

/// The handler may run in any thread. It counts itself and then looks for the driver; here the
/// driver goes, and then the count is looked at. As both are sequentially consistent, either the
/// handler finds no driver or it is waited for.
void forget_driver() noexcept {
    interrupted_driver.store(nullptr);
    while (handlers_running.load() != 0) {
        std::this_thread::yield();
    }
}

}  // namespace

/// The loop asks after the poll that wake() has ended: the kernel's locks order the handler's store
/// before its write(), and this load after the answer.
bool interrupt_requested() noexcept { return interrupted.load(std::memory_order_relaxed); }

interrupt_guard::interrupt_guard(event_loop& loop, any_task main) {
    if (!sys::is_main_thread()) {
        return;  // and what the main thread's loop has set up stays
    }
    interrupted.store(false);
    interrupted_driver.store(&core_of(loop).io());
    if (!sys::catch_interrupt_once(on_sigint)) {
        forget_driver();
        return;
    }
    core_of(loop).engine().set_interrupt_target(&main.core());
    loop_ = &loop;
}

interrupt_guard::~interrupt_guard() {
    if (loop_ != nullptr) {
        core_of(*loop_).engine().set_interrupt_target(nullptr);
        sys::release_interrupt(on_sigint);
        forget_driver();
        interrupted.store(false);
    }
}

bool interrupt_guard::happened() const noexcept {
    return loop_ != nullptr && interrupt_requested();
}

}  // namespace rondo::detail
