// SPDX-License-Identifier: MIT
#include <rondo/core/race.hpp>

namespace rondo::detail {

coro<std::size_t> wait_for_first(joined members, scope_core& inside) {
    std::exception_ptr error;
    future_core* winner = nullptr;
    bool asked_already = false;
    try {
        join_awaiter join("race", members.all, join_until::first_done, members.own);
        co_await join;
        winner = join.decisive();
        asked_already = join.was_passed_on();
    } catch (...) {
        error = std::current_exception();
    }
    if (!asked_already) {
        inside.cancel("another argument of race was first");
    }
    co_await join_awaiter(insist(), "race", members.own);
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
