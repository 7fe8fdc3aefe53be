// SPDX-License-Identifier: MIT
#include <rondo/core/cancel.hpp>
#include <rondo/core/loop.hpp>

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

void timeout::reschedule(std::optional<time_point> when) {
    check_reschedulable();
    when_ = when;
    scope_.set_deadline(when.value_or(time_point::max()));
}

detail::immediate<void> timeout::aenter() {
    scope_.set_deadline(when_.value_or(time_point::max()));
    scope_.enter("timeout");
    return detail::immediate<void>();
}

detail::immediate<bool> timeout::aexit(const std::exception_ptr& error) {
    if (scope_.leave(error)) {
        throw timeout_error();
    }
    return detail::immediate<bool>(false);
}

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
