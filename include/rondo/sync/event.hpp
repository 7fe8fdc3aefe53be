// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/sync/detail/quick_awaiter.hpp>
#include <rondo/sync/detail/wait_list.hpp>

namespace rondo {

class event;

namespace detail {

class event_request {
public:
    using waiter = turn_waiter<event_request>;
    static constexpr const char* operation = "event::wait";

    explicit event_request(event& e) noexcept : event_(&e) {}

    bool try_now() const noexcept;
    wait_list& waiters() const noexcept;
    void result() const noexcept {}

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
    auto wait() noexcept { return detail::quick_awaiter<detail::event_request>(*this); }
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
    friend class detail::event_request;

    bool set_ = false;
    detail::wait_list waiters_;
};

namespace detail {

inline bool event_request::try_now() const noexcept { return event_->set_; }
inline wait_list& event_request::waiters() const noexcept { return event_->waiters_; }

}  // namespace detail
}  // namespace rondo
