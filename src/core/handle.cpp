// SPDX-License-Identifier: MIT
#include <rondo/base/errors.hpp>
#include <rondo/core/handle.hpp>
#include <rondo/core/loop.hpp>

#include <atomic>
#include <utility>

namespace rondo {

namespace detail {

handle_core::handle_core(loop_core& loop, unique_function<void()> fn, context in)
    : loop_(&loop), fn_(std::move(fn)), context_(std::move(in)) {}

handle_core::~handle_core() = default;

void handle_core::run() noexcept {
    loop_->unreserve();
    if (!is_cancelled()) {
        invoke();
        fn_.reset();
    }
    release();
}

void handle_core::drop() noexcept {
    fn_.reset();
    release();
}

void handle_core::cancel() noexcept {
    std::atomic_ref(cancelled_).store(true, std::memory_order_relaxed);
}

bool handle_core::is_cancelled() const noexcept {
    return std::atomic_ref(cancelled_).load(std::memory_order_relaxed);
}

void handle_core::retain() noexcept {
    std::atomic_ref(references_).fetch_add(1, std::memory_order_relaxed);
}

void handle_core::release() noexcept {
    if (std::atomic_ref(references_).fetch_sub(1, std::memory_order_acq_rel) == 1) {
        delete this;
    }
}

void handle_core::invoke() noexcept {
    context_entered entered(context_.cell());
    try {
        fn_();
    } catch (const process_exit&) {
        loop_->request_exit(std::current_exception());
    } catch (const cancelled_error&) {
        loop_->report({"cancelled_error escaped from a callback", nullptr, {}});
    } catch (...) {
        loop_->report({"exception in callback", std::current_exception(), {}});
    }
}

timer_handle_core::timer_handle_core(loop_core& loop, unique_function<void()> fn, context in,
                                     time_point when)
    : handle_core(loop, std::move(fn), std::move(in)), when_(when) {}

timer_handle_core::~timer_handle_core() = default;

void timer_handle_core::expire() noexcept { loop_->push(*this); }

void timer_handle_core::cancel() noexcept {
    if (is_cancelled()) {
        return;
    }
    handle_core::cancel();
    if (armed()) {
        loop_->timers().disarm(*this);
        loop_->unreserve();
        drop();
    }
}

}  // namespace detail

handle::handle(detail::handle_core* core) noexcept : core_(core) {
    if (core_ != nullptr) {
        core_->retain();
    }
}
handle::handle(const handle& other) noexcept : handle(other.core_) {}
handle::handle(handle&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
handle& handle::operator=(handle other) noexcept {
    std::swap(core_, other.core_);
    return *this;
}
handle::~handle() {
    if (core_ != nullptr) {
        core_->release();
    }
}

void handle::cancel() noexcept {
    if (core_ != nullptr) {
        core_->cancel();
    }
}
bool handle::cancelled() const noexcept { return core_ != nullptr && core_->is_cancelled(); }

timer_handle::timer_handle(detail::timer_handle_core* core) noexcept : handle(core) {}

time_point timer_handle::when() const noexcept {
    return static_cast<detail::timer_handle_core*>(core_)->when();
}

}  // namespace rondo
