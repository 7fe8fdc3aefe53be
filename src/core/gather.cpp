// SPDX-License-Identifier: MIT
#include <rondo/core/errors.hpp>
#include <rondo/core/gather.hpp>

#include <new>
#include <utility>

namespace rondo::detail {

namespace {

/// Nobody else looks at the errors of what gather has given up on.
void forget_errors(const join_awaiter::members& members) {
    for (const auto& m : members) {
        if (m->done()) {
            m->mark_retrieved();
            continue;
        }
        try {
            add_done_callback(*m, 0, [](future_core& core) { core.mark_retrieved(); });
        } catch (const std::bad_alloc&) {  // then it is reported, if it fails
        }
    }
}

}  // namespace

coro<void> wait_for_joined(joined members, scope_core& inside, bool collect_errors) {
    const auto until = collect_errors ? join_until::all_done : join_until::first_failure;
    join_awaiter join("gather", members.all, until, members.all);
    std::exception_ptr error;
    bool asked_already = false;
    try {
        co_await join;
        asked_already = join.was_passed_on();
        if (join.decisive() != nullptr) {
            join.decisive()->check_value();
        }
        if (asked_already) {
            throw cancelled_error(exec.current->cancel_message());
        }
        co_return;
    } catch (...) {
        error = std::current_exception();
    }
    if (!asked_already) {
        inside.cancel("gather failed");  // short, so that it needs no memory
    }
    join_awaiter rest(insist(), join, std::move(members.own));
    co_await rest;
    if (asked_already && is_cancellation(error)) {
        exec.current->consume_edge();  // the error stands for what was requested meanwhile
    }
    forget_errors(members.all);
    std::rethrow_exception(error);
}

}  // namespace rondo::detail
