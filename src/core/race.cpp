// SPDX-License-Identifier: MIT
#include <rondo/core/race.hpp>

namespace rondo::detail {

coro<std::size_t> wait_for_first(joined members) {
    std::exception_ptr error;
    future_core* winner = nullptr;
    try {
        join_awaiter join(members.all, join_until::first_done, join_cancel::leave);
        co_await join;
        winner = join.decisive();
    } catch (...) {
        error = std::current_exception();
    }
    co_await cancel_and_wait_for(members.own);
    for (const auto& loser : members.own) {
        loser->mark_retrieved();
    }
    if (error) {
        std::rethrow_exception(error);
    }
    std::size_t index = 0;
    while (members.all[index].get() != winner) {
        ++index;
    }
    co_return index;
}

}  // namespace rondo::detail
