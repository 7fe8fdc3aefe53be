// SPDX-License-Identifier: MIT
#include <rondo/core/gather.hpp>

#include <rondo/base/errors.hpp>

namespace rondo::detail {

namespace {

/// Nobody else looks at the errors of what gather has given up on.
void forget_errors(const join_awaiter::members& members) {
    for (const auto& m : members) {
        if (m->done()) {
            m->mark_retrieved();
        } else {
            add_done_callback(*m, 0, [](future_core& core) { core.mark_retrieved(); });
        }
    }
}

}  // namespace

void cancel_all(const join_awaiter::members& members) noexcept {
    for (const auto& m : members) {
        m->cancel();
    }
}

coro<void> cancel_and_wait_for(join_awaiter::members own) {
    cancel_all(own);
    co_await join_awaiter(std::move(own), join_until::all_done, join_cancel::insist);
}

coro<void> wait_for_joined(joined members, bool collect_errors) {
    const auto until = collect_errors ? join_until::all_done : join_until::first_failure;
    std::exception_ptr error;
    bool asked_already = false;
    try {
        join_awaiter join(members.all, until, join_cancel::forward);
        co_await join;
        asked_already = join.was_forwarded();
        if (join.decisive() != nullptr) {
            join.decisive()->check_value();
        }
        if (collect_errors && join.was_forwarded()) {
            throw cancelled_error();
        }
        co_return;
    } catch (...) {
        error = std::current_exception();
    }
    if (!asked_already) {
        cancel_all(members.own);
    }
    co_await join_awaiter(members.own, join_until::all_done, join_cancel::insist);
    forget_errors(members.all);
    std::rethrow_exception(error);
}

}  // namespace rondo::detail
