// SPDX-License-Identifier: MIT
#include <rondo/core/task_core.hpp>

#include <rondo/base/errors.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/loop.hpp>
#include <rondo/core/scope_core.hpp>

#include <typeinfo>
#include <utility>

namespace rondo::detail {

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

task_core::~task_core() {
    if (unretrieved_) {
        report_unretrieved();
    }
    release_context();
}

void task_core::release_context() noexcept { detail::release(std::exchange(context_, nullptr)); }

std::coroutine_handle<> task_core::frame() noexcept {
    // The core is the first member of the promise, and promises have the alignment of frames.
    return std::coroutine_handle<task_core>::from_promise(*this);
}

void task_core::run_to_suspension() {
    const std::coroutine_handle<> at = at_ != nullptr ? at_->resume_at : frame();
    phase_ = task_phase::running;
    started_ = true;
    resume_as(*this, at);
}

void task_core::step() {
    if (!started_ && edge_pending_ && !(scope_ != nullptr && scope_->hides_edge())) [[unlikely]] {
        edge_pending_ = false;
        error_ = std::make_exception_ptr(cancelled_error(cancel_message()));
        finish();
        return;
    }
    run_to_suspension();
    if (frame().done()) {
        finish();
    }
}

bool task_core::step_by_hand() {
    run_to_suspension();
    if (!frame().done()) {
        return true;
    }
    phase_ = task_phase::done;
    if (error_) {
        std::rethrow_exception(std::exchange(error_, nullptr));
    }
    return false;
}

void task_core::finish() noexcept {
    loop_core& loop = *loop_;
    phase_ = task_phase::done;
    loop.forget(*this);
    if (!error_ && edge_pending_ && cancelled_itself_) {
        error_ = std::make_exception_ptr(cancelled_error(cancel_message()));
    }
    if (is_process_exit(error_)) {
        loop.request_exit(error_);
    }
    if (!error_) {
        set_value_state();
    } else if (is_cancellation(error_)) {
        set_cancelled_state(std::move(error_));
    } else {
        set_error_state(std::move(error_));
    }
    release();  // the loop's own reference; may destroy the frame
}

void task_core::abandon_at_close() noexcept {
    phase_ = task_phase::done;
    scope_ = nullptr;
    set_cancelled_state(nullptr);
    release();
}

// ---- cancellation

bool task_core::request_cancel(std::string message) {
    if (phase_ == task_phase::done || done()) {
        mark_retrieved();  // who cancels does not want the error
        return false;
    }
    ++cancelling_;
    if (!message.empty() || details_ != nullptr) {
        details().cancel_message = std::move(message);
    }
    edge_pending_ = true;
    cancelled_itself_ = exec.current == this;
    deliver_cancel();
    return true;
}

int task_core::uncancel() noexcept {
    if (cancelling_ > 0 && --cancelling_ == 0) {
        edge_pending_ = false;
    }
    return static_cast<int>(cancelling_);
}

bool task_core::cancel_is_pending() const noexcept {
    if (scope_ == nullptr) [[likely]] {
        return edge_pending_;
    }
    return scope_->effective() || (edge_pending_ && !scope_->hides_edge());
}

void task_core::deliver_cancel() noexcept {
    if (phase_ != task_phase::blocked || !cancel_is_pending()) {
        return;
    }
    auto& at = *static_cast<waiter*>(at_);
    switch (at.cancel()) {
        case cancel_answer::done:
            at.cancelled_ = true;
            edge_pending_ = false;
            make_ready();
            break;
        case cancel_answer::forwarded:
            edge_pending_ = false;
            break;
        case cancel_answer::deferred:
            break;
    }
}

const std::string& task_core::cancel_message() const noexcept {
    static const std::string none;
    return details_ != nullptr ? details_->cancel_message : none;
}

// ---- scheduling

void task_core::block(waiter& at) noexcept {
    at_ = &at;
    phase_ = task_phase::blocked;
}

void task_core::block_ready(suspension& at) noexcept {
    at_ = &at;
    phase_ = task_phase::ready;
    loop_->push(*this);
}

void task_core::unblock() noexcept { phase_ = task_phase::running; }

void task_core::make_ready() noexcept {
    phase_ = task_phase::ready;
    loop_->push(*this);
}

// ---- identity

std::string task_core::name() const {
    if (details_ != nullptr && !details_->name.empty()) {
        return details_->name;
    }
    return "Task-" + std::to_string(id_);
}

task_details& task_core::details() {
    if (details_ == nullptr) {
        details_ = std::make_unique<task_details>();
    }
    return *details_;
}

// ---- coroutine objects

bool drive(task_core& core, std::coroutine_handle<>) { return core.step_by_hand(); }

void throw_already_awaited() {
    throw std::runtime_error("cannot reuse already awaited coroutine");
}

void throw_empty_coroutine(const char* operation) {
    throw std::runtime_error(std::string(operation) +
                             ": the coroutine object is empty; it was moved from, or closed");
}

}  // namespace rondo::detail
