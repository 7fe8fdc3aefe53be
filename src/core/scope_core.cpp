// SPDX-License-Identifier: MIT
#include <rondo/core/detail/scope_core.hpp>
#include <rondo/core/event_loop.hpp>

#include <stdexcept>
#include <string>

namespace rondo::detail {

namespace {

// What is rare calls others, for which enter() would save registers if it were a part of it.
[[noreturn, gnu::noinline]] void throw_entered_twice(const char* operation) {
    throw std::runtime_error(std::string(operation) + ": entered a second time");
}

}  // namespace

void scope_core::enter(const char* operation) {
    task_core& task = running_task(operation);
    if (entered_) {
        throw_entered_twice(operation);
    }
    operation_ = operation;
    host_ = &task;
    parent_ = task.scope();
    cancelling_at_entry_ = task.cancelling();
    entered_ = true;
    task.set_scope(this);
    refresh();
    arm();
}

void scope_core::let_go() noexcept {
    disarm();
    host_ = nullptr;
    parent_ = nullptr;
}

bool scope_core::leave_with_care(const std::exception_ptr& error) {
    disarm();
    if (!is_innermost()) {
        throw std::runtime_error(
            "a cancel scope was left out of order: scopes nest within one task, and a coroutine "
            "may not suspend to another task between entering and leaving one");
    }
    task_core& task = *host_;
    const bool requested = task_was_cancelled();
    step_out();
    if (!cancel_called_ || !is_cancellation(error)) {
        return false;
    }
    const bool wanted_outside = requested || task.cancel_is_pending();
    if (wanted_outside) {
        task.consume_edge();  // the error on its way out stands for that request too
    }
    return !wanted_outside;
}

void scope_core::abandon() noexcept {
    disarm();
    if (host_->phase() != task_phase::done) {
        host_->set_scope(parent_);
    }
}

void scope_core::cancel(std::string reason) noexcept {
    if (cancel_called_) {
        return;
    }
    cancel_called_ = true;
    reason_ = std::move(reason);
    disarm();
    changed();
}

void scope_core::follow(std::string reason) noexcept {
    follows_ = follows_ || (!cancel_called_ && cancellations_ > 0);
    cancel(std::move(reason));
}

void scope_core::set_shield(bool on) noexcept {
    shield_ = on;
    changed();
}

void scope_core::set_deadline(time_point when) {
    deadline_ = when;
    disarm();
    arm();
}

void scope_core::disarm() noexcept {
    if (armed()) {
        host_->loop()->timers().disarm(*this);
    }
}

[[gnu::noinline]] void scope_core::set_timer() { host_->loop()->engine().arm(*this, deadline_); }

void scope_core::expire() noexcept { cancel("deadline"); }

void scope_core::refresh() noexcept {
    const unsigned outer = !shield_ && parent_ != nullptr ? parent_->cancellations_ : 0;
    const bool counts = cancel_called_ && !(follows_ && outer > 0);
    cancellations_ = outer + (counts ? 1 : 0);
    const bool parent_is_mine = parent_ != nullptr && parent_->host_ == host_;
    hides_edge_ = shield_ || (parent_is_mine && parent_->hides_edge_);
}

/// Everything that can see this scope looks again, outermost first, and gives up where it must.
void scope_core::changed() noexcept {
    if (active()) {
        refresh_chain(host_->scope(), parent_);
        host_->deliver_cancel();
    }
}

void scope_core::refresh_chain(scope_core* innermost, const scope_core* limit) noexcept {
    if (innermost == limit) {
        return;
    }
    with_room([&]() noexcept { refresh_chain(innermost->parent_, limit); });
    const unsigned before = innermost->cancellations_;
    innermost->refresh();
    if (innermost->cancellations_ == before) {
        return;  // nothing is new to who is inside; groups in groups would ask again and again
    }
    for (member* m = innermost->members_.front(); m != nullptr;) {
        task_core& child = *m->task;
        m = innermost->members_.after(*m);
        with_room([&]() noexcept { refresh_chain(child.scope(), innermost); });
        child.deliver_cancel();
    }
}

}  // namespace rondo::detail
