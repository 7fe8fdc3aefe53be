// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/assert.hpp>
#include <rondo/core/detail/frame.hpp>

#include <coroutine>
#include <exception>
#include <utility>

namespace rondo {
namespace detail {

/// A coroutine that others advance from one co_yield to the next, each time as a part of the task
/// that awaits it. `continuation` is whoever advances it, once that one had to suspend.
class stepped_frame : public frame_base {
public:
    using frame_base::frame_base;

    void unhandled_exception() noexcept { error_ = std::current_exception(); }

    bool started() const noexcept { return started_; }
    /// Whether it was ended before it began. Others may still hold awaits that they have not begun
    /// either, so the frame stays until its owner goes.
    bool closed() const noexcept { return closed_; }
    void close_unstarted() noexcept { closed_ = true; }
    /// Whether somebody advances it now: it runs, or it waits in an await of its own.
    bool running() const noexcept { return running_; }

    void begin_step() noexcept { started_ = running_ = true; }
    /// At a co_yield and at the end: whoever advances it goes on.
    void hand_back() noexcept {
        running_ = false;
        exec.frame = std::exchange(parent, nullptr);
        exec.next = std::exchange(continuation, {});
    }
    /// What escaped from the body.
    std::exception_ptr take_error() noexcept { return std::exchange(error_, nullptr); }

protected:
    ~stepped_frame() = default;

private:
    std::exception_ptr error_;
    bool started_ = false;
    bool running_ = false;
    bool closed_ = false;
};

/// Owns a stepped coroutine, which knows its owner.
template <class Promise>
class stepped_owner {
public:
    explicit stepped_owner(std::coroutine_handle<Promise> frame) noexcept : frame_(frame) {
        adopt();
    }
    stepped_owner(stepped_owner&& other) noexcept : frame_(std::exchange(other.frame_, {})) {
        adopt();
    }
    stepped_owner& operator=(stepped_owner&& other) noexcept {
        std::swap(frame_, other.frame_);
        adopt();
        other.adopt();
        return *this;
    }
    ~stepped_owner() {
        RONDO_ASSERT(!frame_ || !frame_.promise().running(),
                     "a generator or context manager is destroyed while a task advances it");
        destroy();
    }

    /// Destroys the body where it stands.
    void destroy() noexcept {
        if (frame_) {
            detail::destroy_frame(std::exchange(frame_, {}));
        }
    }
    bool done() const noexcept { return !frame_ || frame_.done() || frame_.promise().closed(); }
    std::coroutine_handle<Promise> frame() const noexcept { return frame_; }

private:
    void adopt() noexcept {
        if (frame_) {
            frame_.promise().owner = this;
        }
    }

    std::coroutine_handle<Promise> frame_;
};

/// The await that advances a stepped coroutine; the frame may be null. When the awaiting coroutine
/// is destroyed in the middle of it, the body goes too, for nobody could ever resume it.
template <class Promise>
class step_awaiter {
public:
    using rondo_awaitable = void;

    explicit step_awaiter(std::coroutine_handle<Promise> frame) noexcept : frame_(frame) {}
    /// Until it is awaited; see waiter.
    step_awaiter(step_awaiter&& other) noexcept : frame_(other.frame_) {}
    step_awaiter(const step_awaiter&) = delete;
    step_awaiter& operator=(const step_awaiter&) = delete;
    ~step_awaiter() {
        if (stepping_) {
            promise().owner->destroy();
        }
    }

    void await_suspend(std::coroutine_handle<> awaiting) noexcept {
        promise().continuation = awaiting;
        if (!started_) {
            exec.next = frame_;
        }
    }

protected:
    Promise& promise() const noexcept { return frame_.promise(); }
    bool has_ended() const noexcept {
        return !frame_ || frame_.done() || frame_.promise().closed();
    }

    /// Runs the coroutine inline; whether it has handed back already.
    bool step() {
        promise().begin_step();
        promise().parent = exec.frame;
        stepping_ = true;
        if (stack_is_deep()) [[unlikely]] {
            return false;
        }
        started_ = true;
        frame_.resume();
        return !promise().running();
    }
    /// It has handed back. Gives what escaped from the body, if this await advanced it.
    std::exception_ptr end_step() noexcept {
        return std::exchange(stepping_, false) ? promise().take_error() : nullptr;
    }
    void end_step_or_rethrow() {
        if (auto error = end_step()) {
            std::rethrow_exception(std::move(error));
        }
    }

    std::coroutine_handle<Promise> frame_;

private:
    bool stepping_ = false;
    bool started_ = false;
};

}  // namespace detail
}  // namespace rondo
