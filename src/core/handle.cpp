// SPDX-License-Identifier: MIT
#include <rondo/core/errors.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/handle.hpp>

#include <atomic>
#include <utility>

namespace rondo {

namespace detail {

void handle_core::run() noexcept {
    loop_->unreserve();
    if (!is_cancelled()) {
        invoke();
    }
    fn_.reset();
    release();
}

void handle_core::drop() noexcept {
    fn_.reset();
    release();
}

// A flag without anything behind it: a call that is cancelled from another thread may run already.

void handle_core::cancel() noexcept {
    std::atomic_ref(cancelled_).store(true, std::memory_order_relaxed);
}

bool handle_core::is_cancelled() const noexcept {
    return std::atomic_ref(cancelled_).load(std::memory_order_relaxed);
}

void handle_core::retain() noexcept {
    std::atomic_ref(references_).fetch_add(1, std::memory_order_relaxed);
}

// Who finds no shares but those he knows of has nobody to race with, and needs no locked
// instruction: a few of those would cost as much as all else that is done for a timer. The load
// acquires, as the subtraction does, what those who dropped their shares have done before.

void handle_core::release() noexcept {
    const std::atomic_ref shares(references_);
    if (shares.load(std::memory_order_acquire) == 1 ||
        shares.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        delete this;
    }
}

void handle_core::release_beside_handle() noexcept {
    const std::atomic_ref shares(references_);
    if (shares.load(std::memory_order_acquire) == 2) {
        shares.store(1, std::memory_order_relaxed);
    } else {
        release();
    }
}

void handle_core::invoke() noexcept {
    context_entered entered(context_.cell());
    try {
        fn_();
    } catch (const process_exit&) {
        loop_->request_exit(std::current_exception());
    } catch (const cancelled_error&) {
        loop_->report("cancelled_error escaped from a callback");
    } catch (...) {
        loop_->report("exception in callback", std::current_exception());
    }
}

void timer_handle_core::expire() noexcept { loop_->push(*this); }

void timer_handle_core::cancel() noexcept {
    if (is_cancelled()) {
        return;
    }
    handle_core::cancel();
    if (armed()) {
        loop_->timers().disarm(*this);
        loop_->unreserve();
        fn_.reset();
        release_beside_handle();
    }
}

}  // namespace detail

bool handle::cancelled() const noexcept { return core_ != nullptr && core_->is_cancelled(); }

time_point timer_handle::when() const noexcept {
    return static_cast<detail::timer_handle_core*>(core_)->when();
}

}  // namespace rondo
