// SPDX-License-Identifier: MIT
#include <rondo/core/errors.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/suspend.hpp>

#include <atomic>
#include <stdexcept>
#include <thread>

namespace rondo::detail {

namespace {

/// Stands for the loop while another thread posts to it.
loop_core* const busy = reinterpret_cast<loop_core*>(1);

}  // namespace

// Who shares holds a share already, so that counting up orders nothing. Counting down releases what
// this thread has done, and the last one acquires what all the others did before it destroys.

void suspend_core::retain() noexcept {
    std::atomic_ref(references_).fetch_add(1, std::memory_order_relaxed);
}

void suspend_core::release() noexcept {
    if (std::atomic_ref(references_).fetch_sub(1, std::memory_order_acq_rel) == 1) {
        delete this;
    }
}

/// Who wins is decided here, and sees the place of the result as unclaim() has left it. The result
/// that the winner writes afterwards is published to the loop's thread by its inbox.
void suspend_core::claim() {
    if (std::atomic_ref(claimed_).exchange(true, std::memory_order_acquire)) {
        throw invalid_state_error("resolver: the await was resolved or rejected already");
    }
}

void suspend_core::unclaim() noexcept {
    error_ = nullptr;
    std::atomic_ref(claimed_).store(false, std::memory_order_release);
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

/// The mark is a lock that forget() waits for: acquired by exchange, released by the store, so that
/// the loop outlives the post.
void suspend_core::arrive_threadsafe() {
    struct marked_busy {
        explicit marked_busy(loop_core*& shared)
            : place(shared), loop(place.exchange(busy, std::memory_order_acquire)) {}
        ~marked_busy() { place.store(loop, std::memory_order_release); }
        std::atomic_ref<loop_core*> place;
        loop_core* loop;
    };
    const marked_busy mark(loop_);
    const with_live_loop alive(mark.loop);
    if (!alive) {
        return;
    }
    try {
        auto self = core_ref<suspend_core>::share(*this);
        alive->face().call_soon_threadsafe([self = std::move(self)] { self->arrive(); });
    } catch (const std::runtime_error&) {
        // The loop has just closed, and the task with it.
    }
}

void suspend_core::forget() noexcept {
    waiter_ = nullptr;
    const std::atomic_ref shared(loop_);
    loop_core* loop = shared.load(std::memory_order_relaxed);
    while (loop == busy ||
           !shared.compare_exchange_weak(loop, nullptr, std::memory_order_acq_rel)) {
        std::this_thread::yield();
        loop = shared.load(std::memory_order_relaxed);
    }
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
        exec.loop->report("exception in the on_cancel function of suspend()",
                          std::current_exception());
    }
}

}  // namespace rondo::detail
