// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/detail/task_core.hpp>
#include <rondo/core/detail/waiter.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdint>

namespace rondo::detail {

class wait_list;

/// How a wait in a wait_list ended.
enum class verdict : std::uint8_t {
    none,      // there was nothing to wait for, or the wait was cancelled
    served,    // it was given what it waited for
    refused,   // it will never be given that: the queue was shut down, the barrier is broken
    closed,    // the handle that it waited by was closed
    orphaned,  // what it waited at was destroyed
};

/// The await of something that tasks take turns for.
///
/// Whoever gives decides who receives: it takes a waiter out of the list, and with that the waiter
/// owns what it waited for, although its task has not resumed yet. What is in a list can be
/// cancelled, what has left it cannot: nothing that was given is ever lost, and nobody who comes
/// later can snatch it.
class queued_waiter : public waiter {
public:
    cancel_answer cancel() noexcept override;

    /// Leaves the list; the await ends in the given way.
    inline void dismiss(verdict how) noexcept;
    /// A loop that closes has given its tasks up: their frames may still exist, but nobody resumes
    /// them.
    bool is_alive() const noexcept { return waiting_task().phase() == task_phase::blocked; }

    /// For await_ready when the await is complete: whether the task goes on without a pause.
    bool complete_now() noexcept {
        if (within_budget()) [[likely]] {
            return true;
        }
        verdict_ = verdict::served;
        return false;
    }

protected:
    friend class wait_list;

    queued_waiter() = default;
    ~queued_waiter() {
        if (linked()) [[unlikely]] {
            leave();
        }
    }

    /// For await_ready when the await is not complete: checks that the running task may wait in
    /// `list`. True when a cancellation is to be thrown instead. Throws runtime_error outside a
    /// task, or when tasks of another loop wait there.
    inline bool cancelled_before_joining(wait_list& list);
    /// For await_suspend.
    void wait_in(wait_list& list, std::coroutine_handle<> handle) noexcept;
    /// For await_resume: throws cancelled_error, closed_resource_error, or runtime_error when the
    /// list was destroyed.
    void check_end() const {
        if (is_cancelled() || verdict_ > verdict::served) [[unlikely]] {
            throw_end();
        }
    }
    void leave() noexcept;

    verdict verdict_ = verdict::none;

private:
    bool cancelled_before_odd_joining(wait_list& list);
    [[noreturn]] void throw_end() const;

    wait_list* list_ = nullptr;  // while linked
};

/// Those who wait for one thing, first come, first served. Serves one loop at a time: it is bound
/// to a loop only while somebody waits. Destroyed while somebody waits, it makes those waits fail.
class wait_list {
public:
    wait_list() = default;
    wait_list(const wait_list&) = delete;
    wait_list& operator=(const wait_list&) = delete;
    ~wait_list() {
        if (!empty()) [[unlikely]] {
            dismiss_all(verdict::orphaned);
        }
    }

    bool empty() const noexcept { return waiters_.empty(); }
    std::size_t size() const noexcept { return size_; }
    queued_waiter* first() const noexcept { return waiters_.front(); }
    queued_waiter* after(const queued_waiter& w) const noexcept { return waiters_.after(w); }

    /// Whose turn it is; null for nobody. Throws runtime_error when that task belongs to a loop
    /// that runs in another thread.
    queued_waiter* next() {
        queued_waiter* first = waiters_.front();
        if (first == nullptr || can_be_woken_here(*first)) [[likely]] {
            return first;
        }
        return next_of_another_loop();
    }

    void push(queued_waiter& w) noexcept {
        w.list_ = this;
        waiters_.push_back(w);
        ++size_;
    }
    void remove(queued_waiter& w) noexcept {
        waiters_.remove(w);
        --size_;
    }
    /// Ends all waits, in their order.
    void dismiss_all(verdict how) noexcept;
    /// What they waited at is destroyed while their loop closes.
    void dismiss_dead() noexcept;

private:
    friend class queued_waiter;

    static bool can_be_woken_here(const queued_waiter& w) noexcept {
        return exec.current != nullptr && exec.current->loop() == w.waiting_task().loop() &&
               w.is_alive();
    }
    /// Whether the running task surely may wait here.
    bool may_be_joined() const noexcept {
        const queued_waiter* first = waiters_.front();
        return first != nullptr ? can_be_woken_here(*first)
                                : exec.current != nullptr && exec.current->loop() != nullptr;
    }
    queued_waiter* first_alive() noexcept;
    queued_waiter* next_of_another_loop();

    intrusive_list<queued_waiter> waiters_;
    std::size_t size_ = 0;
};

inline void queued_waiter::leave() noexcept { list_->remove(*this); }

inline void queued_waiter::dismiss(verdict how) noexcept {
    leave();
    verdict_ = how;
    if (is_alive()) {
        wake();
    }
}

inline bool queued_waiter::cancelled_before_joining(wait_list& list) {
    return list.may_be_joined() ? cancelled_before_start() : cancelled_before_odd_joining(list);
}

inline void queued_waiter::wait_in(wait_list& list, std::coroutine_handle<> handle) noexcept {
    if (verdict_ == verdict::served) {
        suspend_ready(handle);
        return;
    }
    suspend(handle);
    list.push(*this);
}

}  // namespace rondo::detail
