// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/assert.hpp>
#include <rondo/base/detail/box.hpp>
#include <rondo/base/detail/frame_pool.hpp>
#include <rondo/core/detail/execution.hpp>
#include <rondo/core/detail/frame_header.hpp>
#include <rondo/core/detail/future_core.hpp>
#include <rondo/core/detail/loop_core.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <source_location>
#include <string>
#include <utility>

namespace rondo {

namespace detail {

class scope_core;
class waiter;
struct context_cell;

/// In this order: what has its place in the ring comes first, and what needs a closer look before
/// its step comes after what needs none.
enum class task_phase : std::uint8_t {
    created,       // in the ring (or about to be), waiting for its first turn
    ready,         // the same for a later turn
    ready_to_try,  // the same, and then the await decides whether the task goes on
    running,       // its step runs, or ran into a nested step of an eagerly started task
    blocked,       // suspended in a waiter
    done,
};

/// Whether a task of that phase has its place in the ring.
constexpr bool is_ready(task_phase phase) noexcept { return phase <= task_phase::ready_to_try; }

/// What few tasks have.
struct task_details {
    task_details() = default;
    task_details(const task_details&) = delete;
    task_details& operator=(const task_details&) = delete;
    ~task_details();

    std::string name;
    std::string cancel_message;
    std::source_location created_at;
    context_cell* context = nullptr;  // null while no variable was ever set
};

/// A spawned coroutine, as the scheduler sees it.
///
/// It is constructed inside the promise when the coroutine is spawned. The loop holds one reference
/// while the task is alive, so a task whose handles are gone still runs to its end; the last
/// reference destroys the frame, and with it the result. A loop that closes destroys the coroutines
/// of its tasks itself: what these hold is given back, and nothing outside can point into them. Of
/// such a task only the core remains, in the memory of the frame.
class task_core final : public list_node, public future_core {
public:
    task_core(loop_core* loop, std::uint64_t id) noexcept
        : future_core(loop, future_kind::task),
          id_low_(static_cast<std::uint32_t>(id)),
          id_high_(static_cast<std::uint16_t>(id >> 32U)) {}
    ~task_core() {
        if (has_unretrieved_error()) [[unlikely]] {
            report_unretrieved();
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
    int cancelling() const noexcept { return static_cast<int>(cancelling_); }
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
    /// That its await was asked to give up in some wave, is forgotten.
    void forget_wave() noexcept;

    // ---- scheduling
    /// The running task waits at `at`, and will go on with `handle`.
    void block(waiter& at, std::coroutine_handle<> handle) noexcept {
        stop_at(handle);
        at_ = &at;
        phase_ = task_phase::blocked;
        enlist();
    }
    /// The running task lets others run. Nobody can cancel or wake one that is ready already.
    void block_ready(std::coroutine_handle<> handle) noexcept {
        RONDO_DEBUG_ASSERT(loop_ == exec.loop, "a task runs in its own loop");
        stop_at(handle);
        phase_ = task_phase::ready;
        exec.loop->push(*this);  // known sooner than through the task
    }
    /// Puts the task into its loop's list, if it is not there yet: one that is neither running nor
    /// in the ring could not be found otherwise.
    void enlist() noexcept {
        if (!linked() && loop_ != nullptr) [[unlikely]] {
            loop_->add(*this);
        }
    }
    /// The await did not suspend after all.
    void unblock() noexcept;
    /// `as` is one of the phases that are ready.
    void make_ready(task_phase as = task_phase::ready) noexcept {
        phase_ = as;
        loop_->push(*this);
    }
    /// The loop closes while the task is alive: from here on nobody chooses it, and its scopes let
    /// go of it.
    void give_up() noexcept;
    /// Then it ends as cancelled, and its coroutine is destroyed where it stands. Those who have
    /// handles keep the core.
    void end_at_close(frame_pool::keeper& keeper) noexcept;
    void free_remains() noexcept;

    task_phase phase() const noexcept { return phase_; }
    bool started() const noexcept { return phase_ != task_phase::created; }
    /// The coroutine in whose await it stands. Null before the first step, after the last one, and
    /// while it starts another task eagerly.
    const frame_header* stands_in() const noexcept;
    const waiter* blocked_on() const noexcept {
        return phase_ == task_phase::blocked ? at_ : nullptr;
    }

    scope_core* scope() const noexcept { return scope_; }
    void set_scope(scope_core* scope) noexcept {
        scope_ = scope;
        may_be_cancelled_ = edge_pending_ || scope != nullptr;
        exec.may_be_cancelled = true;
    }
    context_cell* context() const noexcept {
        return details_ != nullptr ? details_->context : nullptr;
    }
    context_cell*& context_slot() { return details().context; }

    /// Of 48 bits.
    std::uint64_t id() const noexcept { return std::uint64_t{id_high_} << 32U | id_low_; }
    std::string name() const;
    void set_name(std::string name) { details().name = std::move(name); }
    task_details& details();
    void set_details(box<task_details> details) noexcept { details_ = std::move(details); }
    const task_details* details_if_any() const noexcept { return details_.get(); }
    const std::string& cancel_message() const noexcept;

    /// The task's own coroutine. Its promise begins with a frame_header, which this core follows,
    /// and promises have the alignment of frames.
    frame_header& frame() noexcept { return *(reinterpret_cast<frame_header*>(this) - 1); }
    const frame_header& frame() const noexcept {
        return *(reinterpret_cast<const frame_header*>(this) - 1);
    }
    std::coroutine_handle<> handle() noexcept {
        return std::coroutine_handle<frame_header>::from_promise(frame());
    }

private:
    friend class waiter;

    void stop_at(std::coroutine_handle<> handle) noexcept {
        frame().continuation = handle;
        frame().parent = exec.frame;
    }
    void note_cancel_message(std::string message) noexcept;
    void go_on();
    bool may_go_on() noexcept;
    bool try_await() noexcept;
    bool scope_cancel_is_pending() const noexcept;
    bool edge_is_hidden() const noexcept;
    bool was_asked_in_this_wave() noexcept;
    void end_cancelled_before_start() noexcept;
    std::exception_ptr cancellation() const noexcept;
    void finish() noexcept;
    void finish_without_value() noexcept;

    static constexpr std::uint16_t most_requests = (1U << 14U) - 1;

    task_phase phase_ = task_phase::created;
    bool may_be_cancelled_ = false;  // false: surely neither a request nor a scope
    // Eight bytes together: whoever makes a million tasks pays for their frames.
    std::uint32_t id_low_;
    std::uint16_t id_high_;
    bool edge_pending_ : 1 = false;
    bool cancelled_itself_ : 1 = false;
    std::uint16_t cancelling_ : 14 = 0;  // requests that were not taken back, or most_requests
    union {
        waiter* at_;              // what it waits for, when it is blocked
        std::size_t frame_size_;  // of its remains
    };
    scope_core* scope_ = nullptr;  // the innermost cancel scope
    box<task_details> details_;
};

/// The context that the running task, callback or thread sees; null while it is empty.
inline context_cell* current_context() noexcept {
    return exec.current != nullptr ? exec.current->context() : exec.context;
}

/// Goes on where the task stands. The one place where steps begin.
inline void task_core::go_on() {
    phase_ = task_phase::running;
    exec.frame = frame().parent;
    detail::resume_as(*this, std::exchange(frame().continuation, {}));
}

inline void listener::tell() noexcept {
    if (task_ != nullptr) [[likely]] {
        task_->make_ready();
    } else {
        notify();
    }
}

inline void loop_core::add(task_core& task) noexcept { tasks_.push_back(task); }

inline void loop_core::forget(task_core& task) noexcept {
    if (task.linked()) {
        tasks_.remove(task);
    }
    ring_.unreserve();
}

/// Whether `error` is a keyboard_interrupt or system_exit.
bool is_process_exit(const std::exception_ptr& error) noexcept;
/// Whether `error` is a cancelled_error.
bool is_cancellation(const std::exception_ptr& error) noexcept;

}  // namespace detail
}  // namespace rondo
