// SPDX-License-Identifier: MIT
#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/event_loop.hpp>

#include <algorithm>
#include <stdexcept>

namespace rondo {

namespace detail {

void throw_swallowed_without_value() {
    throw std::runtime_error(
        "with(): the manager ended the error of a body that returns a value, so there is no value "
        "to return; let the body return void and hand its result out by reference");
}

time_point deadline_after(nanoseconds delay) {
    return add_saturating(running_core("a timeout").engine().now(), delay);
}

scope_manager::scope_manager(scope_manager&& other) {
    if (other.scope_.entered()) {
        throw std::runtime_error("a cancel scope or timeout cannot be moved once it is entered");
    }
    scope_.set_deadline(other.scope_.deadline());
    scope_.set_shield(other.scope_.shield());
    if (other.scope_.cancel_called()) {
        scope_.cancel(other.scope_.reason());
    }
}

void scope_manager::check_reschedulable() const {
    if (!scope_.active() || scope_.cancel_called()) {
        throw std::runtime_error(!scope_.entered()        ? "timeout: not entered yet"
                                 : scope_.cancel_called() ? "timeout: already expired"
                                                          : "timeout: already finished");
    }
}

}  // namespace detail

time_point current_effective_deadline() {
    const detail::scope_core* scope = detail::running_task("current_effective_deadline").scope();
    time_point deadline = time_point::max();
    for (; scope != nullptr; scope = scope->parent()) {
        deadline =
            std::min(deadline, scope->cancel_called() ? time_point::min() : scope->deadline());
        if (scope->shield()) {
            break;
        }
    }
    return deadline;
}

}  // namespace rondo
