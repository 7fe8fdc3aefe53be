// SPDX-License-Identifier: MIT

// What a task shows of itself while it runs, and which tasks a loop knows.
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

using lines = std::vector<std::string>;

lines here() { return current_task().get_stack(); }

coro<lines> inner() { co_return here(); }
coro<lines> middle() { co_return co_await inner(); }
coro<void> pause() { co_await yield_now(); }
coro<void> no_pause() { co_return; }

coro<lines> deep_inside() { co_return co_await middle(); }

TEST(task_stack, of_the_running_task_goes_down_to_where_it_runs) {
    EXPECT_THAT(rondo::testing::run(deep_inside()),
                ElementsAre(HasSubstr("deep_inside"), HasSubstr("middle")));
}

coro<lines> after_children() {
    co_await no_pause();
    co_await pause();
    co_return here();
}

TEST(task_stack, does_not_show_coroutines_that_have_ended) {
    EXPECT_THAT(rondo::testing::run(after_children()), ElementsAre(HasSubstr("after_children")));
}

coro<lines> beside_another() {
    const auto other = create_task(pause());
    co_await yield_now();
    lines mine = here();
    co_await other;
    co_return mine;
}

TEST(task_stack, is_the_task_s_own_when_another_one_ran_in_between) {
    EXPECT_THAT(rondo::testing::run(beside_another()), ElementsAre(HasSubstr("beside_another")));
}

async_generator<int> two_numbers() {
    co_yield 1;
    co_await yield_now();
    co_yield 2;
}

coro<lines> between_two_values() {
    auto numbers = two_numbers();
    co_await numbers.next();
    co_await numbers.next();
    lines mine = here();
    co_await numbers.aclose();
    co_return mine;
}

TEST(task_stack, does_not_show_a_generator_that_has_yielded) {
    EXPECT_THAT(rondo::testing::run(between_two_values()),
                ElementsAre(HasSubstr("between_two_values")));
}

lines names_of_all() {
    lines names;
    for (const any_task& t : all_tasks()) {
        names.push_back(t.name());
    }
    return names;
}

coro<void> forever() { co_await event().wait(); }

coro<lines> with_tasks_of_every_kind() {
    current_task().set_name("main");
    const auto waiting = create_task(forever(), {.name = "waiting"});
    const auto yielding = create_task(pause(), {.name = "yielding"});
    co_await yield_now();
    const auto fresh = create_task(pause(), {.name = "fresh"});
    lines names = names_of_all();
    waiting.cancel();
    const std::vector<any_task> all{waiting, yielding, fresh};
    co_await wait(all);
    co_return names;
}

TEST(all_tasks, are_those_that_wait_that_are_ready_and_that_run_in_the_order_of_creation) {
    EXPECT_THAT(rondo::testing::run(with_tasks_of_every_kind()),
                ElementsAre("main", "waiting", "yielding", "fresh"));
}

coro<lines> all_seen() { co_return names_of_all(); }

coro<lines> while_starting_eagerly() {
    current_task().set_name("main");
    co_return co_await create_task(all_seen(), {.name = "eager", .eager_start = true});
}

TEST(all_tasks, know_who_starts_another_eagerly_and_who_is_started) {
    EXPECT_THAT(rondo::testing::run(while_starting_eagerly()), ElementsAre("main", "eager"));
}

coro<lines> driven_inside_a_task() {
    current_task().set_name("main");
    auto by_hand = all_seen();
    by_hand.send();
    co_return by_hand.result();
}

TEST(all_tasks, know_the_task_that_drives_a_coroutine_by_hand) {
    EXPECT_THAT(rondo::testing::run(driven_inside_a_task()), ElementsAre("main"));
}

}  // namespace
