// SPDX-License-Identifier: MIT
#include "base/frame_keeper.hpp"
#include <rondo/core/coro.hpp>
#include <rondo/core/detail/scope_core.hpp>
#include <rondo/core/detail/task_core.hpp>
#include <rondo/core/detail/waiter.hpp>
#include <rondo/core/errors.hpp>
#include <rondo/core/event_loop.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <typeinfo>
#include <utility>

namespace rondo::detail {

/// Reports in debug mode that a coroutine was created and dropped; in debug.cpp.
void never_awaited(const frame_header& frame) noexcept;

namespace {

bool is_exactly(const std::exception_ptr& error, const std::type_info& type) noexcept {
    return error && *error.__cxa_exception_type() == type;
}

}  // namespace

bool is_process_exit(const std::exception_ptr& error) noexcept {
    return is_exactly(error, typeid(keyboard_interrupt)) || is_exactly(error, typeid(system_exit));
}

bool is_cancellation(const std::exception_ptr& error) noexcept {
    return is_exactly(error, typeid(cancelled_error));
}

task_details::~task_details() { release(context); }

bool task_core::step_by_hand() {
    const nested_execution nested;
    go_on();
    if (!handle().done()) {
        return true;
    }
    phase_ = task_phase::done;
    if (error_) {
        std::rethrow_exception(std::exchange(error_, nullptr));
    }
    return false;
}

// ---- the end of the loop

void task_core::give_up() noexcept {
    phase_ = task_phase::done;
    while (scope_ != nullptr && scope_->host() == this) {
        scope_core& innermost = *scope_;
        scope_ = innermost.parent();
        innermost.let_go();
    }
    scope_ = nullptr;
}

/// Destructors of the coroutine run as a part of the task.
void task_core::end_at_close(frame_pool::keeper& keeper) noexcept {
    phase_ = task_phase::done;  // again: others that ended may have made it ready
    complete(future_state::cancelled);
    static_cast<coro_promise_base&>(frame()).leave_core();
    kind_ = future_kind::remains;
    {
        const nested_execution nested;
        exec.current = this;
        frame_size_ = keeper.destroy(handle());
    }
    release();
}

void task_core::free_remains() noexcept {
    void* const memory = handle().address();
    const std::size_t size = frame_size_;
    this->~task_core();
    frame_pool::deallocate(memory, size);
}

// ---- cancellation

bool task_core::request_cancel(std::string message) {
    if (phase_ == task_phase::done || done()) {
        mark_retrieved();  // who cancels does not want the error
        return false;
    }
    if (cancelling_ < most_requests) {
        ++cancelling_;
    }
    note_cancel_message(std::move(message));
    repeat_edge();
    cancelled_itself_ = exec.current == this;
    deliver_cancel();
    return true;
}

/// Without memory for it, none.
void task_core::note_cancel_message(std::string message) noexcept {
    if (message.empty() && details_ == nullptr) {
        return;
    }
    try {
        details().cancel_message = std::move(message);
    } catch (const std::bad_alloc&) {
    }
}

int task_core::uncancel() noexcept {
    if (cancelling_ > 0 && --cancelling_ == 0) {
        edge_pending_ = false;
    }
    return static_cast<int>(cancelling_);
}

bool task_core::scope_cancel_is_pending() const noexcept {
    return scope_->cancellations() > 0 || edge_is_pending();
}

bool task_core::edge_is_hidden() const noexcept {
    return scope_ != nullptr && scope_->hides_edge_of(*this);
}

namespace {

/// How many awaits a request is passed through that the same wave has reached before.
constexpr int most_repeats = 8;
constinit thread_local int repeats = 0;

}  // namespace

void task_core::forget_wave() noexcept {
    if (phase_ == task_phase::blocked) {
        at_->wave_ = 0;
    }
}

bool task_core::was_asked_in_this_wave() noexcept {
    if (exec.loop == nullptr || exec.loop != loop_) {
        return false;
    }
    if (exec.wave == 0) {
        exec.wave = loop_->next_wave();
    }
    return std::exchange(at_->wave_, static_cast<std::uint16_t>(exec.wave)) == exec.wave;
}

/// Every request is passed on, and each is counted where it arrives. But of requests between which
/// nothing runs, and which meet on their way, the later ones change nothing behind that place other
/// than these counts: they go a little further, as far as somebody may want to count, and no more.
/// Else to cancel each task of a long chain would take time by the square of its length.
void task_core::deliver_cancel() noexcept {
    if (phase_ != task_phase::blocked) {
        return;
    }
    waiter& at = *at_;
    const bool requested = edge_is_pending();
    const unsigned scopes = scope_ != nullptr ? scope_->cancellations() : 0;
    // Every request is passed on, and each scope asks an await once.
    const bool another_scope = std::exchange(at.scopes_that_asked_, scopes) < scopes;
    if (!requested && !another_scope) {
        return;
    }
    const int repeated = was_asked_in_this_wave() ? 1 : 0;
    if (repeats + repeated > most_repeats && at.request_forwarded_) {
        consume_edge();
        return;
    }
    ++at.cancels_in_progress_;
    repeats += repeated;
    cancel_answer answer{};
    with_room([&]() noexcept { answer = at.cancel(); });
    repeats -= repeated;
    --at.cancels_in_progress_;
    switch (answer) {
        case cancel_answer::done:
            at.cancelled_ = true;
            consume_edge();
            make_ready();
            break;
        case cancel_answer::forwarded:
            at.request_forwarded_ = at.request_forwarded_ || requested;
            consume_edge();
            break;
        case cancel_answer::deferred:
            break;
    }
}

const std::string& task_core::cancel_message() const noexcept {
    // Made without memory, and never destroyed: it outlives every static object.
    alignas(std::string) static std::byte place[sizeof(std::string)];
    static const auto* none = ::new (static_cast<void*>(place)) std::string;
    return details_ != nullptr ? details_->cancel_message : *none;
}

// ---- scheduling

const frame_header* task_core::stands_in() const noexcept {
    switch (phase_) {
        case task_phase::ready:
        case task_phase::ready_to_try:
        case task_phase::blocked:
            return frame().parent;
        case task_phase::running:
            return exec.current == this ? exec.frame : nullptr;
        case task_phase::created:
        case task_phase::done:
            break;
    }
    return nullptr;
}

/// Whether the await is over. If not, what came to be pending since the task was woken has its
/// chance now.
bool task_core::try_await() noexcept {
    phase_ = task_phase::ready;
    if (at_->try_at_turn()) {
        return true;
    }
    phase_ = task_phase::blocked;
    deliver_cancel();
    return false;
}

void task_core::unblock() noexcept {
    phase_ = task_phase::running;
    frame().continuation = {};
}

// ---- identity

std::string task_core::name() const {
    if (details_ != nullptr && !details_->name.empty()) {
        return details_->name;
    }
    return "Task-" + std::to_string(id());
}

task_details& task_core::details() {
    if (details_ == nullptr) {
        details_ = make_box<task_details>();
    }
    return *details_;
}

// ---- coroutine objects

bool drive(task_core& core, std::coroutine_handle<>) { return core.step_by_hand(); }

void check_dropped(coro_promise_base& dropped) noexcept {
    if (dropped.use() == coro_use::unused) {
        never_awaited(dropped);
        return;
    }
    RONDO_ASSERT(dropped.core().phase() != task_phase::running,
                 "coroutine already executing: one that is driven by hand is destroyed by itself");
}

void throw_already_executing() { throw std::runtime_error("coroutine already executing"); }

void throw_already_awaited() { throw std::runtime_error("cannot reuse already awaited coroutine"); }

void throw_empty_coroutine(const char* operation) {
    throw std::runtime_error(std::string(operation) +
                             ": the coroutine object is empty; it was moved from, or closed");
}

}  // namespace rondo::detail
