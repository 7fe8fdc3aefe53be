// SPDX-License-Identifier: MIT
#include <rondo/core/errors.hpp>
#include <rondo/core/timeout.hpp>

namespace rondo {

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

}  // namespace rondo
