// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/assert.hpp>
#include <rondo/core/detail/execution.hpp>
#include <rondo/core/detail/listener.hpp>
#include <rondo/core/detail/task_core.hpp>

#include <coroutine>
#include <cstdint>
#include <vector>

namespace rondo::detail {

[[noreturn]] void throw_no_running_task(const char* operation);

/// The running task; throws runtime_error naming `operation` when there is none or it has no loop.
inline task_core& running_task(const char* operation) {
    if (exec.current == nullptr || exec.current->loop() == nullptr) [[unlikely]] {
        throw_no_running_task(operation);
    }
    return *exec.current;
}

/// What became of the wish to cancel an await.
enum class cancel_answer : std::uint8_t {
    done,       // unlinked: the await throws cancelled_error
    forwarded,  // passed on to what is awaited; the await ends as that ends
    deferred,   // the await goes on; the cancellation stays pending for the next one
};

/// Whether the running task has a cancellation to deliver now.
bool cancellation_is_pending();
/// The same; if so it is consumed, and the await has to throw_cancelled().
bool take_cancellation();
/// Throws cancelled_error for the running task; it stands for every request so far.
[[noreturn]] void throw_cancelled();

/// The part of an awaiter that suspends a task: it lives in the awaiting frame.
///
/// Protocol of a leaf await. The derived awaiter
///  1. in await_ready: completes at once when it can and `within_budget()`; otherwise, and before
///     it starts anything, asks `cancelled_before_start()`;
///  2. in await_suspend: calls `suspend(handle)` and links itself where it will be woken;
///  3. is woken by `wake()`, at most once, by whoever has unlinked it, or is asked to `cancel()`;
///  4. in await_resume: calls `throw_if_cancelled()`, then gives its result.
/// A result that exists wins over a cancellation: after `wake()` nobody calls `cancel()` any more.
class waiter : public listener {
public:
    waiter() = default;
    /// Until it is awaited an awaiter may be moved: into wait_for, gather and their kin.
    waiter(waiter&& other) noexcept { RONDO_ASSERT(other.task_ == nullptr, "an await is moved"); }
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;

    /// Unlinks the waiter if that is possible. Called by the task, never after wake().
    virtual cancel_answer cancel() noexcept = 0;

    /// What is being awaited, for people.
    virtual const char* operation() const noexcept = 0;
    /// The tasks and futures that are being awaited.
    virtual void awaited(std::vector<const future_core*>&) const {}

    /// Makes the waiting task ready.
    void wake() noexcept { task_->make_ready(); }
    /// The same, and when the task has its turn the await has to try_at_turn() before it goes on.
    void wake_to_try() noexcept { task_->make_ready(task_phase::ready_to_try); }
    /// Whether the await has what it waited for; otherwise the task waits on.
    virtual bool try_at_turn() noexcept { return true; }

    bool is_cancelled() const noexcept { return cancelled_; }
    task_core& waiting_task() const noexcept { return *task_; }

protected:
    /// Whether a cancel() of the waiting task was passed on to what is awaited.
    bool request_was_forwarded() const noexcept { return request_forwarded_; }
    /// For cancel(): whether it is called by what it has passed the cancellation on to. Then tasks
    /// await each other, and one of them has to let go.
    bool cancel_came_round() const noexcept { return cancels_in_progress_ > 1; }

    ~waiter() = default;

    /// Whether the running task has a cancellation to deliver now; if so it is consumed, and
    /// throw_if_cancelled() will throw.
    bool cancelled_before_start() { return exec.may_be_cancelled && take_cancellation_now(); }
    /// False when the task has completed too many awaits at once and has to let others run.
    bool within_budget() noexcept { return --exec.budget > 0 || driven_by_hand(); }
    /// Suspends the running task here, until wake().
    void suspend(std::coroutine_handle<> handle) noexcept {
        task_ = exec.current;
        task_->block(*this, handle);
    }
    /// Suspends the running task, but queues it again right away; it cannot be cancelled.
    void suspend_ready(std::coroutine_handle<> handle) noexcept {
        task_ = exec.current;
        task_->block_ready(handle);
    }
    void throw_if_cancelled() const {
        if (cancelled_) [[unlikely]] {
            throw_cancelled();
        }
    }
    /// For awaits that give nothing: one that became pending after the wake-up counts as well.
    void throw_if_cancelled_meanwhile() {
        if (!cancelled_) {
            cancelled_before_start();
        }
        throw_if_cancelled();
    }

private:
    friend class task_core;

    /// Whether there is no loop, and so nobody to wait for.
    static bool driven_by_hand() noexcept;
    bool take_cancellation_now();

    bool cancelled_ = false;
    bool request_forwarded_ : 1 = false;
    std::uint8_t cancels_in_progress_ : 7 = 0;
    std::uint16_t wave_ = 0;          // in which it was asked last
    unsigned scopes_that_asked_ = 0;  // of those that are visible
};

}  // namespace rondo::detail
