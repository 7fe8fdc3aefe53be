// SPDX-License-Identifier: MIT
#include <rondo/core/event_loop.hpp>
#include <rondo/core/staggered_race.hpp>
#include <rondo/core/wait.hpp>

#include <algorithm>

namespace rondo::detail {

namespace {

bool has_won(const core_ref<future_core>& m) { return m->has_value(); }

bool all_done(const join_awaiter::members& members) {
    return std::all_of(members.begin(), members.end(), [](const auto& m) { return m->done(); });
}

/// REQUIRES: not all are done.
coro<void> wait_for_a_change(const join_awaiter::members& of, std::optional<nanoseconds> limit) {
    join_awaiter::members pending;
    std::copy_if(of.begin(), of.end(), std::back_inserter(pending),
                 [](const auto& m) { return !m->done(); });
    co_await wait_for_members(std::move(pending),
                              {.timeout = limit, .return_when = first_completed});
}

}  // namespace

bool somebody_won(const join_awaiter::members& started) noexcept {
    return std::any_of(started.begin(), started.end(), has_won);
}

coro<void> wait_for_turn(join_awaiter::members started, std::optional<nanoseconds> delay) {
    loop_engine& loop = running_core("staggered_race").engine();
    const time_point start = loop.now();
    while (!started.back()->done() && !somebody_won(started)) {
        if (!delay) {
            co_await wait_for_a_change(started, std::nullopt);
            continue;
        }
        const nanoseconds passed = loop.now() - start;
        if (passed >= *delay) {
            co_return;
        }
        co_await wait_for_a_change(started, *delay - passed);
    }
}

coro<std::optional<std::size_t>> wait_for_winner(join_awaiter::members started,
                                                 scope_core& inside) {
    while (!somebody_won(started) && !all_done(started)) {
        co_await wait_for_a_change(started, std::nullopt);
    }
    const auto winner = std::find_if(started.begin(), started.end(), has_won);
    const auto index = static_cast<std::size_t>(winner - started.begin());
    const bool won = winner != started.end();
    inside.cancel("race is won");  // short, so that it needs no memory
    co_await join_awaiter(insist(), "staggered_race", std::move(started));
    co_return won ? std::optional(index) : std::nullopt;
}

}  // namespace rondo::detail
