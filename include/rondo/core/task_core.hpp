// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/box.hpp>
#include <rondo/core/future_core.hpp>

#include <cstdint>
#include <exception>
#include <source_location>
#include <string>

namespace rondo {

namespace detail {

class scope_core;
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

/// A spawned coroutine: the first member of its frame that matters to the scheduler.
///
/// It is constructed inside the promise when the coroutine is spawned. The loop holds one reference
/// while the task is alive, so a task whose handles are gone still runs to its end; the last
/// reference destroys the frame, and with it the result.
class task_core final : public future_core, public list_node {
public:
    task_core(loop_core* loop, context_cell* context, std::uint64_t id) noexcept
        : future_core(loop, true), context_(context), id_(id) {}
    ~task_core() {
        if (unretrieved_ || context_ != nullptr || details_ != nullptr) [[unlikely]] {
            clean_up();
        }
    }

    // ---- life
    /// Runs one step: from the last suspension to the next one or to the end.
    void step();
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
    void block(waiter& at) noexcept {
        at_ = &at;
        phase_ = task_phase::blocked;
    }
    void block_ready(suspension& at) noexcept;
    /// The await did not suspend after all.
    void unblock() noexcept;
    void make_ready() noexcept;
    /// The loop closes while the task is alive: nobody will run it again.
    void abandon_at_close() noexcept;

    task_phase phase() const noexcept { return phase_; }
    bool started() const noexcept { return started_; }
    /// Where it stands; null before the first step.
    const suspension* stands_at() const noexcept { return at_; }
    const waiter* blocked_on() const noexcept {
        return phase_ == task_phase::blocked ? static_cast<waiter*>(at_) : nullptr;
    }

    scope_core* scope() const noexcept { return scope_; }
    void set_scope(scope_core* scope) noexcept {
        scope_ = scope;
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
    void clean_up() noexcept;

    task_phase phase_ = task_phase::ready;
    bool started_ = false;
    bool edge_pending_ = false;
    bool cancelled_itself_ = false;
    std::uint32_t cancelling_ = 0;
    suspension* at_ = nullptr;     // where it goes on; null before the first step
    scope_core* scope_ = nullptr;  // the innermost cancel scope
    context_cell* context_;
    box<task_details> details_;
    std::uint64_t id_;
};

/// Whether `error` is a keyboard_interrupt or system_exit.
bool is_process_exit(const std::exception_ptr& error) noexcept;
/// Whether `error` is a cancelled_error.
bool is_cancellation(const std::exception_ptr& error) noexcept;

}  // namespace detail
}  // namespace rondo
