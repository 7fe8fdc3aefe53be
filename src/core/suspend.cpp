// SPDX-License-Identifier: MIT
#include <rondo/core/suspend.hpp>

#include <rondo/base/errors.hpp>
#include <rondo/core/loop.hpp>

#include <stdexcept>

namespace rondo::detail {

void suspend_core::claim() {
    if (claimed_.exchange(true, std::memory_order_relaxed)) {
        throw invalid_state_error("resolver: the await was resolved or rejected already");
    }
}

void suspend_core::arrive() noexcept {
    if (waiter_ == nullptr) {
        return;
    }
    arrived_ = true;
    suspend_waiter* waiter = std::exchange(waiter_, nullptr);
    if (waiter->suspended()) {
        waiter->wake();
    }
}

void suspend_core::arrive_threadsafe(std::shared_ptr<suspend_core> core) {
    suspend_core& state = *core;
    const std::scoped_lock lock(state.mutex_);
    const with_live_loop alive(state.loop_);
    if (!alive) {
        return;
    }
    try {
        alive->face().call_soon_threadsafe([core] { core->arrive(); });
    } catch (const std::runtime_error&) {
        // The loop has just closed, and the task with it.
    }
}

void suspend_core::forget() noexcept {
    waiter_ = nullptr;
    const std::scoped_lock lock(mutex_);
    loop_ = nullptr;
}

loop_core& suspend_waiter::running_loop() { return running_core("suspend"); }

void suspend_waiter::await_suspend(std::coroutine_handle<> handle) noexcept {
    if (yields_) {
        suspend_ready(handle);
    } else {
        suspended_ = true;
        suspend(handle);
    }
}

void suspend_waiter::report_from_on_cancel() noexcept {
    if (exec.loop != nullptr) {
        core_of(*exec.loop).report(
            {"exception in the on_cancel function of suspend()", std::current_exception(), {}});
    }
}

}  // namespace rondo::detail
