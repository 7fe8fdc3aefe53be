// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/run.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;
using ::testing::UnorderedElementsAre;
using trace = std::vector<std::string>;

template <class T>
coro<T> after(std::chrono::seconds delay, T value) {
    co_await sleep(delay);
    co_return value;
}

coro<void> nothing_after(std::chrono::seconds delay) { co_await sleep(delay); }

coro<int> fails_after(std::chrono::seconds delay, const char* what) {
    co_await sleep(delay);
    throw std::runtime_error(what);
}

coro<void> forever() { co_await sleep_forever(); }

/// Waits for ever, and needs a second to end when it is cancelled.
coro<int> ends_slowly(trace& said, std::string name) {
    co_await finally_(forever(), [&]() -> coro<void> {
        co_await sleep(1s);
        said.push_back(name + " ended");
    });
    co_return 0;
}

/// How `race` ended, as a word.
template <class T>
std::string end_of(const outcome<T>& o) {
    if (o.has_value()) {
        return "value";
    }
    try {
        std::rethrow_exception(o.error());
    } catch (const std::exception& e) {
        return e.what();
    } catch (const cancelled_error&) {
        return "cancelled";
    }
}

// ---- who wins

coro<void> one_of_each_type() {
    auto winner = co_await race(after(3s, 1), after(2s, std::string("two")), nothing_after(4s));
    static_assert(std::is_same_v<decltype(winner), std::variant<int, std::string, std::monostate>>);
    EXPECT_EQ(winner.index(), 1u);
    EXPECT_EQ(std::get<1>(winner), "two");
    auto third = co_await race(after(3s, 1), after(2s, std::string("two")), nothing_after(1s));
    EXPECT_EQ(third.index(), 2u);
}

TEST(race, gives_the_first_result_and_says_by_the_index_whose_it_is) {
    rondo::testing::run(one_of_each_type());
}

coro<void> what_can_only_be_moved() {
    auto winner = co_await race(after(2s, 1), after(1s, std::make_unique<int>(7)));
    EXPECT_EQ(*std::get<1>(winner), 7);
    auto alone = co_await race(after(1s, std::make_unique<int>(8)));
    EXPECT_EQ(*std::get<0>(alone), 8);
}

TEST(race, moves_a_result_that_can_only_be_moved) { rondo::testing::run(what_can_only_be_moved()); }

coro<void> first_in_line() {
    auto tie = co_await race(after(1s, 1), after(1s, 2));
    EXPECT_EQ(tie.index(), 0u);
    future<int> a;
    future<int> b;
    b.set_result(2);
    a.set_result(1);
    auto both_done = co_await race(a, b);
    EXPECT_EQ(both_done.index(), 0u);
}

TEST(race, of_several_that_are_done_already_prefers_the_first_argument) {
    rondo::testing::run(first_in_line());
}

coro<void> done_before() {
    future<int> done;
    done.set_result(1);
    bool somebody_ran = false;
    get_running_loop().call_soon([&] { somebody_ran = true; });
    auto winner = co_await race(done, create_task(after(1h, 2)));
    EXPECT_EQ(winner.index(), 0u);
    EXPECT_FALSE(somebody_ran);
    co_await yield_now();
    EXPECT_TRUE(somebody_ran);
}

TEST(race, does_not_yield_when_a_handle_is_done_already) { rondo::testing::run(done_before()); }

// ---- who loses

coro<void> slow_losers(trace& said) {
    co_await race(ends_slowly(said, "a"), after(5s, 1), ends_slowly(said, "b"));
    said.push_back("race ended");
}

TEST(race, cancels_coroutines_that_lose_and_waits_for_their_end) {
    trace said;
    rondo::testing::run(slow_losers(said));
    EXPECT_THAT(said, UnorderedElementsAre("a ended", "b ended", "race ended"));
    EXPECT_EQ(said.back(), "race ended");
}

coro<void> error_wins(trace& said) {
    auto end = co_await as_outcome(race(ends_slowly(said, "a"), fails_after(1s, "failed")));
    said.push_back(end_of(end));
}

TEST(race, throws_the_error_of_the_winner_when_the_losers_have_ended) {
    trace said;
    rondo::testing::run(error_wins(said));
    EXPECT_THAT(said, ElementsAre("a ended", "failed"));
}

coro<int> fails_when_cancelled() {
    try {
        co_await sleep_forever();
    } catch (const cancelled_error&) {
        throw std::runtime_error("failed while it ended");
    }
    co_return 0;
}

coro<void> losers_fail(trace& reported) {
    get_running_loop().set_exception_handler([&](event_loop&, const exception_context& context) {
        reported.emplace_back(context.message);
    });
    auto winner = co_await race(fails_when_cancelled(), after(1s, 1));
    EXPECT_EQ(winner.index(), 1u);
}

TEST(race, drops_the_errors_of_losers_without_a_report) {
    trace reported;
    rondo::testing::run(losers_fail(reported));
    EXPECT_THAT(reported, IsEmpty());
}

// ---- somebody else's tasks and futures

coro<void> handles_lose() {
    task<std::unique_ptr<int>> slow = create_task(after(3s, std::make_unique<int>(3)));
    future<int> untouched;
    auto winner = co_await race(slow, untouched, after(1s, 1));
    EXPECT_EQ(winner.index(), 2u);
    EXPECT_FALSE(slow.done());
    EXPECT_EQ(slow.cancelling(), 0);
    EXPECT_FALSE(untouched.done());
    untouched.set_result(2);
    EXPECT_EQ(co_await untouched, 2);
    EXPECT_EQ(*co_await slow, 3);
}

TEST(race, leaves_tasks_and_futures_that_lose_alone_and_their_results_in_place) {
    rondo::testing::run(handles_lose());
}

coro<void> handle_wins() {
    task<std::string> quick = create_task(after(1s, std::string("quick")));
    auto winner = co_await race(after(2s, 1), quick);
    EXPECT_EQ(std::get<1>(winner), "quick");
    EXPECT_EQ(co_await quick, "quick") << "the result of somebody else's task was taken away";
}

TEST(race, copies_the_result_of_a_task_that_wins) { rondo::testing::run(handle_wins()); }

coro<void> getters_race() {
    queue<int> left;
    queue<int> right;
    task<int> from_left = create_task([&]() -> coro<int> { co_return co_await left.get(); });
    task<int> from_right = create_task([&]() -> coro<int> { co_return co_await right.get(); });
    co_await yield_now();
    right.put_nowait(2);
    left.put_nowait(1);
    auto first = co_await race(from_left, from_right);
    EXPECT_EQ(first.index(), 1u) << "the one that got its item first";
    EXPECT_EQ(co_await from_left, 1) << "what the other one took was lost";
}

TEST(race, loses_nothing_that_the_task_of_a_loser_has_taken) {
    rondo::testing::run(getters_race());
}

coro<void> cancelled_handle_wins() {
    task<int> waits = create_task(after(1h, 1));
    get_running_loop().call_later(1s, [&] { waits.cancel(); });
    EXPECT_EQ(end_of(co_await as_outcome(race(waits, after(2s, 2)))), "cancelled");
    EXPECT_EQ(current_task().cancelling(), 0) << "nobody cancelled us";
    co_await sleep(1s);
}

TEST(race, a_task_that_was_cancelled_elsewhere_wins_with_cancelled_error) {
    rondo::testing::run(cancelled_handle_wins());
}

// ---- cancelled as a whole

coro<void> is_cancelled(trace& said) {
    task<int> other = create_task(after(10s, 1));
    const auto races = [&]() -> coro<void> {
        co_await race(ends_slowly(said, "a"), other, ends_slowly(said, "b"));
    };
    task<void> t = create_task(races());
    co_await sleep(1s);
    t.cancel();
    said.push_back(end_of(co_await as_outcome(t)));
    EXPECT_EQ(co_await other, 1) << "somebody else's task was cancelled";
}

TEST(race, cancelled_ends_when_its_own_coroutines_have_ended_and_leaves_tasks_alone) {
    trace said;
    rondo::testing::run(is_cancelled(said));
    EXPECT_THAT(said, ElementsAre("a ended", "b ended", "cancelled"));
}

coro<void> times_out(trace& said) {
    auto end = co_await as_outcome(wait_for(race(ends_slowly(said, "a"), after(1h, 1)), 1s));
    said.push_back(end_of(end).empty() ? "?" : "timed out");
}

TEST(race, ends_in_time_within_a_limit) {
    trace said;
    rondo::testing::run(times_out(said));
    EXPECT_THAT(said, ElementsAre("a ended", "timed out"));
}

TEST(race, cancelled_at_every_suspension_leaks_nothing) {
    int running = 0;
    const auto counted = [&](std::chrono::seconds delay) -> coro<int> {
        ++running;
        auto slept = co_await as_outcome(sleep(delay));
        --running;
        co_return slept.value(), 1;
    };
    const auto scenario = [&]() -> coro<void> { co_await race(counted(3s), counted(1s)); };
    EXPECT_GT(rondo::testing::cancel_sweep(scenario, [&] { EXPECT_EQ(running, 0); }), 2);
}

// ---- bad use

template <class... A>
concept can_race = requires(A... arguments) { race(std::move(arguments)...); };

TEST(race, is_refused_without_arguments_and_with_what_cannot_be_awaited) {
    static_assert(can_race<coro<int>, task<int>, future<int>>);
    EXPECT_FALSE(can_race<>);
    EXPECT_FALSE((can_race<coro<int>, int>));
}

coro<void> the_same_one_twice(trace& said) {
    coro<int> once = ends_slowly(said, "first");
    EXPECT_THAT([&] { std::ignore = race(once, once); },
                ThrowsMessage<std::runtime_error>(HasSubstr("the coroutine object is empty")));
    EXPECT_THROW(std::ignore = race(ends_slowly(said, "second"), once), std::runtime_error);
    EXPECT_THROW(std::ignore = gather(ends_slowly(said, "third"), once), std::runtime_error);
    co_await sleep(1h);
}

TEST(race, refuses_a_coroutine_that_was_passed_twice_before_anything_runs) {
    trace said;
    rondo::testing::run(the_same_one_twice(said));
    EXPECT_THAT(said, IsEmpty());
}

}  // namespace
