// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/box.hpp>
#include <rondo/core/execution.hpp>
#include <rondo/core/future_core.hpp>
#include <rondo/core/loop_core.hpp>

#include <coroutine>
#include <cstdint>
#include <exception>
#include <source_location>
#include <string>

namespace rondo {

namespace detail {

class frame_base;
class scope_core;
class waiter;
struct context_cell;

enum class task_phase : std::uint8_t {
    ready,    // in the ring (or about to be), waiting for its turn
    running,  // its step runs, or ran into a nested step of an eagerly started task
    blocked,  // suspended in a waiter
    done,
};

/// What few tasks have.
struct task_details {
    ~task_details();

    std::string name;
    std::string cancel_message;
    std::source_location created_at;
};

/// What a step reads and writes. With what stands before it in the frame it fills 64 bytes, so that
/// a step of a task that is not in the cache misses as seldom as can be.
struct step_state {
    task_phase phase_ = task_phase::ready;
    bool started_ = false;
    bool edge_pending_ = false;
    bool cancelled_itself_ = false;
    bool may_be_cancelled_ = false;  // false: surely neither a request nor a scope
    std::coroutine_handle<> resume_at_;
};

/// A spawned coroutine: the first member of its frame that matters to the scheduler.
///
/// It is constructed inside the promise when the coroutine is spawned. The loop holds one reference
/// while the task is alive, so a task whose handles are gone still runs to its end; the last
/// reference destroys the frame, and with it the result.
class task_core final : public future_core, private step_state, public list_node {
public:
    task_core(loop_core* loop, context_cell* context, std::uint64_t id) noexcept
        : future_core(loop, true), context_(context), id_(id) {
        resume_at_ = frame();
    }
    ~task_core() {
        if (unretrieved_ || context_ != nullptr || details_ != nullptr) [[unlikely]] {
            clean_up();
        }
    }

    // ---- life
    /// Runs one step: from the last suspension to the next one or to the end.
    void step();
    /// The same for the loop itself, without a call.
    void take_step();
    /// For coroutines driven by hand: one step without a loop. False once it has finished.
    bool step_by_hand();

    // ---- cancellation (docs/explanation/cancellation.md)
    /// asyncio's cancel: counted, delivered once. False when the task is done.
    bool request_cancel(std::string message);
    int cancelling() const noexcept { return cancelling_; }
    /// Takes one request back; at zero an undelivered cancellation is withdrawn.
    int uncancel() noexcept;
    /// Whether a cancellation would be delivered if the task suspended now.
    bool cancel_is_pending() const noexcept {
        return scope_ == nullptr ? edge_pending_ : scope_cancel_is_pending();
    }
    /// Whether a request_cancel is still to be delivered, and no shield hides it.
    bool edge_is_pending() const noexcept { return edge_pending_ && !edge_is_hidden(); }
    /// Takes note that the pending request reached the code.
    void consume_edge() noexcept { edge_pending_ = edge_pending_ && edge_is_hidden(); }
    /// Of a task that is done: whether it ended before a request reached it.
    bool left_request_unanswered() const noexcept { return edge_pending_ && !is_cancelled(); }
    /// The request did reach the code, but got lost behind another error: it comes again.
    void repeat_edge() noexcept {
        edge_pending_ = true;
        may_be_cancelled_ = true;
        exec.may_be_cancelled = true;
    }
    /// The request was passed on, but reached nobody: it comes again, if it still stands.
    void take_back_request() noexcept {
        if (cancelling_ > 0) {
            repeat_edge();
        }
    }
    /// Something became pending: if the task is blocked, its waiter is asked to give up.
    void deliver_cancel() noexcept;

    // ---- scheduling
    /// The running task waits at `at`, and will go on with `handle`.
    void block(waiter& at, std::coroutine_handle<> handle) noexcept {
        resume_at_ = handle;
        at_ = &at;
        frame_ = exec.frame;
        phase_ = task_phase::blocked;
    }
    /// The running task lets others run. Nobody can cancel or wake one that is ready already.
    void block_ready(std::coroutine_handle<> handle) noexcept {
        resume_at_ = handle;
        frame_ = exec.frame;
        make_ready();
    }
    /// The await did not suspend after all.
    void unblock() noexcept;
    void make_ready() noexcept {
        phase_ = task_phase::ready;
        loop_->push(*this);
    }
    /// The loop closes while the task is alive: nobody will run it again.
    void abandon_at_close() noexcept;

    task_phase phase() const noexcept { return phase_; }
    bool started() const noexcept { return started_; }
    /// The coroutine in whose await it stands. Null before the first step, after the last one, and
    /// while it starts another task eagerly.
    const frame_base* stands_in() const noexcept;
    const waiter* blocked_on() const noexcept {
        return phase_ == task_phase::blocked ? at_ : nullptr;
    }

    scope_core* scope() const noexcept { return scope_; }
    void set_scope(scope_core* scope) noexcept {
        scope_ = scope;
        may_be_cancelled_ = edge_pending_ || scope != nullptr;
        exec.may_be_cancelled = true;
    }
    context_cell*& context() noexcept { return context_; }

    std::uint64_t id() const noexcept { return id_; }
    std::string name() const;
    void set_name(std::string name) { details().name = std::move(name); }
    task_details& details();
    void set_details(box<task_details> details) noexcept { details_ = std::move(details); }
    const task_details* details_if_any() const noexcept { return details_.get(); }
    const std::string& cancel_message() const noexcept;

    /// The core is the first member of the promise, and promises have the alignment of frames.
    std::coroutine_handle<> frame() noexcept {
        return std::coroutine_handle<task_core>::from_promise(*this);
    }

private:
    friend class waiter;

    bool scope_cancel_is_pending() const noexcept;
    bool edge_is_hidden() const noexcept;
    void end_cancelled_before_start() noexcept;
    void finish() noexcept;
    void finish_without_value() noexcept;
    void clean_up() noexcept;

    waiter* at_ = nullptr;               // what it waits for, when it is blocked
    const frame_base* frame_ = nullptr;  // the coroutine that awaits it
    scope_core* scope_ = nullptr;        // the innermost cancel scope
    std::uint32_t cancelling_ = 0;
    context_cell* context_;
    box<task_details> details_;
    std::uint64_t id_;
};

inline void loop_core::adopt(task_core& task) noexcept { tasks_.push_back(task); }

inline void loop_core::forget(task_core& task) noexcept {
    tasks_.remove(task);
    ring_.unreserve();
}

/// Whether `error` is a keyboard_interrupt or system_exit.
bool is_process_exit(const std::exception_ptr& error) noexcept;
/// Whether `error` is a cancelled_error.
bool is_cancellation(const std::exception_ptr& error) noexcept;

}  // namespace detail
}  // namespace rondo
