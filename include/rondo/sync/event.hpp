// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/sync/wait_list.hpp>

#include <coroutine>

namespace rondo {

class event;

namespace detail {

class [[nodiscard("co_await it")]] event_awaiter : public queued_waiter {
public:
    explicit event_awaiter(event& e) noexcept : event_(&e) {}

    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept;
    void await_resume() const { check_end(); }
    const char* operation() const noexcept override { return "event::wait"; }

private:
    event* event_;
};

}  // namespace detail

/// asyncio.Event: a flag that tasks can wait for.
///
///     co_await ready.wait();      // in some tasks
///     ready.set();                // in another one, or in a callback
///
/// Destroying it while tasks wait makes their awaits throw runtime_error. It serves one loop at a
/// time, in that loop's thread; from another thread use call_soon_threadsafe([&] { ready.set(); }).
class event {
public:
    event() = default;
    event(const event&) = delete;
    event& operator=(const event&) = delete;

    /// Waits until the flag is set.
    /// Returns: nothing. Throws: runtime_error when tasks of another loop wait for it.
    /// Cancellation: leaves the queue; one that set() has woken succeeds. Fairness: yields only if
    /// it has to wait. Threads: the loop's.
    detail::event_awaiter wait() noexcept { return detail::event_awaiter(*this); }
    /// Sets the flag and wakes all who wait, first come first.
    void set() {
        if (waiters_.next() != nullptr) {
            waiters_.dismiss_all(detail::verdict::served);
        }
        set_ = true;
    }
    /// Whoever waits from now on waits for the next set(); those already woken go on.
    void clear() noexcept { set_ = false; }
    bool is_set() const noexcept { return set_; }

private:
    friend class detail::event_awaiter;

    bool set_ = false;
    detail::wait_list waiters_;
};

namespace detail {

inline bool event_awaiter::await_ready() {
    return event_->set_ ? complete_now() : cancelled_before_joining(event_->waiters_);
}

inline void event_awaiter::await_suspend(std::coroutine_handle<> handle) noexcept {
    wait_in(event_->waiters_, handle);
}

}  // namespace detail
}  // namespace rondo
