// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/future_core.hpp>
#include <rondo/core/detail/task_core.hpp>
#include <rondo/core/detail/waiter.hpp>

#include <coroutine>
#include <utility>
#include <vector>

namespace rondo::detail {

/// The await of a future or a task: waits for its end; a cancellation is passed on to it, also one
/// that was pending before.
class future_waiter : public waiter {
public:
    using rondo_awaitable = void;

    explicit future_waiter(future_core& awaited) noexcept
        : awaited_(core_ref<future_core>::share(awaited)) {}
    explicit future_waiter(core_ref<future_core> awaited) noexcept : awaited_(std::move(awaited)) {}
    future_waiter(future_waiter&&) = default;
    ~future_waiter() {
        if (linked()) [[unlikely]] {
            awaited_->remove_listener(*this);
        }
    }

    bool await_ready() {
        if (awaited_->done()) {
            return within_budget();
        }
        const task_core* task = exec.current;
        const bool plain = task != nullptr && task != awaited_.get() && task->loop() != nullptr &&
                           task->loop() == awaited_->loop();
        if (!plain) [[unlikely]] {
            check_odd_start();
        }
        return false;
    }
    void await_suspend(std::coroutine_handle<> handle) noexcept {
        if (awaited_->done()) [[unlikely]] {  // but the budget is used up
            suspend_ready(handle);
            return;
        }
        suspend(handle);
        awaited_->add_listener(*this);
        if (exec.may_be_cancelled) [[unlikely]] {
            waiting_task().deliver_cancel();
        }
    }
    cancel_answer cancel() noexcept override;
    const char* operation() const noexcept override {
        return awaited_->is_task() ? "task" : "future";
    }
    void awaited(std::vector<const future_core*>& list) const override {
        list.push_back(awaited_.get());
    }

protected:
    /// Where it is not sure that the task may wait: binds a future that has no loop yet, and throws
    /// when waiting would be a mistake.
    void check_odd_start();
    /// For await_resume: throws what the await has to throw.
    void check_end() {
        throw_if_cancelled();
        if (request_was_forwarded()) [[unlikely]] {
            settle_request();
        }
        if (!awaited_->has_value()) [[unlikely]] {
            awaited_->rethrow();
        }
    }

    core_ref<future_core> awaited_;

private:
    void settle_request() noexcept;
};

/// Waits for the end of a future or task without looking at how it ended; a cancellation unlinks it
/// and leaves the other alone.
class end_awaiter final : public future_waiter {
public:
    using future_waiter::future_waiter;
    cancel_answer cancel() noexcept override;
    void await_resume() const { throw_if_cancelled(); }
};

}  // namespace rondo::detail
