// SPDX-License-Identifier: MIT
#include <rondo/core/race.hpp>

namespace rondo::detail {

coro<std::size_t> wait_for_first(joined members, scope_core& inside) {
    join_awaiter join("race", members.all, join_until::first_done, members.own);
    std::exception_ptr error;
    future_core* winner = nullptr;
    bool asked_already = false;
    try {
        co_await join;
        winner = join.decisive();
        asked_already = join.was_passed_on();
    } catch (...) {
        error = std::current_exception();
    }
    if (!asked_already) {
        inside.cancel("race is won");  // short, so that it needs no memory
    }
    join_awaiter rest(insist(), join, std::move(members.own));
    co_await rest;
    rest.forget_errors();
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
