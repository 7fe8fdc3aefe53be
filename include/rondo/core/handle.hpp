// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/frame_pool.hpp>
#include <rondo/base/detail/unique_function.hpp>
#include <rondo/core/clock.hpp>
#include <rondo/core/context_var.hpp>
#include <rondo/core/detail/ready_ring.hpp>
#include <rondo/core/detail/timer_heap.hpp>

#include <cstdint>
#include <utility>

namespace rondo {

namespace detail {

class loop_core;

/// A callback that was given to a loop. Shared by the loop, while it is scheduled, and by handles.
class handle_core : public callback, public pooled {
public:
    /// `shares`: how many hold it from the beginning.
    handle_core(loop_core& loop, unique_function<void()>&& fn, context&& in,
                std::uint32_t shares = 1) noexcept
        : loop_(&loop), fn_(std::move(fn)), references_(shares), context_(std::move(in)) {}
    handle_core(const handle_core&) = delete;
    handle_core& operator=(const handle_core&) = delete;
    virtual ~handle_core() = default;

    void run() noexcept override;
    void drop() noexcept override;
    const std::type_info& target() const noexcept override { return fn_.target(); }

    virtual void cancel() noexcept;
    bool is_cancelled() const noexcept;

    void retain() noexcept;
    void release() noexcept;
    handle_core* next_in_inbox = nullptr;

    /// Runs the callback now, in its context, and reports what it throws. It may be run again.
    void invoke() noexcept;

protected:
    /// Gives the loop's share back when the one who asks for it holds another.
    void release_beside_handle() noexcept;

    loop_core* loop_;
    unique_function<void()> fn_;

private:
    // Both are accessed atomically: handles may be held by other threads.
    std::uint32_t references_;
    mutable bool cancelled_ = false;
    context context_;
};

class timer_handle_core final : public handle_core, public timer_node {
public:
    timer_handle_core(loop_core& loop, unique_function<void()>&& fn, context&& in,
                      std::uint32_t shares, time_point when) noexcept
        : handle_core(loop, std::move(fn), std::move(in), shares), when_(when) {}

    void expire() noexcept override;
    void cancel() noexcept override;
    time_point when() const noexcept { return when_; }

private:
    time_point when_;
};

}  // namespace detail

/// A scheduled callback, as `call_soon` returns it. Dropping the handle changes nothing.
/// Threads: `cancel` and `cancelled` of a handle from `call_soon_threadsafe` may be called from any
/// thread; everything else belongs to the loop's.
class handle {
public:
    handle() = default;
    /// Takes over one share of `core`.
    explicit handle(detail::handle_core* core) noexcept : core_(core) {}
    handle(const handle& other) noexcept : core_(other.core_) {
        if (core_ != nullptr) {
            core_->retain();
        }
    }
    handle(handle&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
    handle& operator=(handle other) noexcept {
        std::swap(core_, other.core_);
        return *this;
    }
    ~handle() {
        if (core_ != nullptr) {
            core_->release();
        }
    }

    /// The callback will not run, unless it already has. Harmless when repeated.
    void cancel() noexcept {
        if (core_ != nullptr) {
            core_->cancel();
        }
    }
    bool cancelled() const noexcept;
    friend bool operator==(const handle& a, const handle& b) noexcept { return a.core_ == b.core_; }

protected:
    detail::handle_core* core_ = nullptr;
};

/// The same for `call_later` and `call_at`. Orders by deadline.
class timer_handle : public handle {
public:
    timer_handle() = default;
    explicit timer_handle(detail::timer_handle_core* core) noexcept : handle(core) {}

    /// When the callback is due, on the loop's clock.
    time_point when() const noexcept;
    friend bool operator<(const timer_handle& a, const timer_handle& b) noexcept {
        return a.when() < b.when();
    }
};

}  // namespace rondo
