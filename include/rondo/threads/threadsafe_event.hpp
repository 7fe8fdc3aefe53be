// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/threads/detail/remote_wait_list.hpp>

namespace rondo {

/// An event for many threads: any of them may set it, and tasks of any loop wait for it. For one
/// loop take `event`, which is several times as fast.
class threadsafe_event {
public:
    threadsafe_event() = default;

    /// Wakes everybody who waits. Threads: any.
    void set();
    /// Who waits from now on, waits for the next set(). Threads: any.
    void clear();
    bool is_set() const;

    /// The await of wait().
    class awaiter final : public detail::shared_awaiter {
    public:
        explicit awaiter(threadsafe_event& of) noexcept
            : shared_awaiter(of.mutex_, of.waiting_), of_(&of) {}
        void await_resume() const { throw_if_cancelled(); }
        const char* operation() const noexcept override { return "threadsafe_event"; }

    private:
        bool try_now() override { return of_->set_; }
        threadsafe_event* of_;
    };
    /// Returns (co_await): nothing, once it is or was set. Throws: cancelled_error. Cancellation:
    /// at once; an event that was set already wins. Fairness: yields only if it waits. Threads: any
    /// loop's.
    [[nodiscard]] awaiter wait() noexcept { return awaiter(*this); }

private:
    mutable detail::thread_mutex mutex_;
    detail::remote_wait_list waiting_;
    bool set_ = false;
};

}  // namespace rondo
