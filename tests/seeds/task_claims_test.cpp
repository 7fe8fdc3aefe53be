// SPDX-License-Identifier: MIT
// What the tutorials say of tasks, futures and the loop. The numbers are those of the rows in
// examples/seeds/README.md.
#include <rondo/rondo.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using trace = std::vector<std::string>;

template <class T>
concept settable = requires(T t) { t.set_result(1); };

rondo::coro<int> seven() { co_return 7; }

rondo::coro<int> set_by_hand() {
    auto future = rondo::get_running_loop().create_future<int>();
    future.set_result(7);
    auto failed = rondo::get_running_loop().create_future<int>();
    failed.set_exception(std::make_exception_ptr(std::out_of_range("set by hand")));
    EXPECT_THROW(co_await failed, std::out_of_range);
    int result = co_await future;
    co_return result;
}

TEST(seeds, S0_07_a_future_is_set_by_hand_and_a_task_sets_itself) {
    static_assert(settable<rondo::future<int>>);
    static_assert(!settable<rondo::task<int>>);
    EXPECT_EQ(rondo::run(set_by_hand()), 7);
}

rondo::coro<void> completes_a_future(trace& said) {
    auto future = rondo::get_running_loop().create_future<int>();
    future.add_done_callback([&said](const auto&) { said.push_back("callback"); });
    future.set_result(1);
    said.push_back("after set_result");
    co_await rondo::yield_now();
    said.push_back("a pass later");
}

TEST(seeds, S1_06_the_loop_runs_callbacks_never_set_result) {
    trace said;
    rondo::run(completes_a_future(said));
    EXPECT_THAT(said, ElementsAre("after set_result", "callback", "a pass later"));
}

TEST(seeds, S1_07_get_running_loop_throws_outside_a_loop) {
    EXPECT_THROW(rondo::get_running_loop(), std::runtime_error);
}

rondo::coro<bool> sees_its_loop() {
    auto& loop = rondo::get_running_loop();
    co_return loop.is_running();
}

TEST(seeds, S1_07_get_running_loop_gives_the_loop_inside_one) {
    EXPECT_TRUE(rondo::run(sees_its_loop()));
}

template <class T>
concept makes_a_task = requires(T t) { rondo::create_task(std::move(t)); };

TEST(seeds, S1_10_create_task_takes_coroutines_only) {
    static_assert(makes_a_task<rondo::coro<int>>);
    static_assert(!makes_a_task<rondo::future<int>>);
    static_assert(!makes_a_task<int>);
}

rondo::coro<void> holds(std::shared_ptr<int>, trace& said) {
    said.push_back("body");
    co_return;
}

rondo::coro<bool> cancelled_before_it_starts(trace& said) {
    auto resource = std::make_shared<int>(1);
    std::weak_ptr<int> watched = resource;
    {
        auto task = rondo::create_task(holds(std::move(resource), said));
        task.cancel();
        EXPECT_THROW(co_await task, rondo::cancelled_error);
    }
    co_await rondo::yield_now();
    co_return watched.expired();
}

TEST(seeds, S1_12_cancelled_before_it_starts_a_task_still_destroys_its_parameters) {
    trace said;
    EXPECT_TRUE(rondo::run(cancelled_before_it_starts(said)));
    EXPECT_TRUE(said.empty());
}

rondo::coro<int> asked_from_a_thread() {
    auto& loop = rondo::get_running_loop();
    int answer = co_await rondo::to_thread([&loop] {
        auto future = rondo::run_coroutine_threadsafe(seven(), loop);
        static_assert(!rondo::awaitable<decltype(future)>);
        return future.get();
    });
    co_return answer;
}

TEST(seeds, S1_13_run_coroutine_threadsafe_gives_a_future_that_blocks_its_thread) {
    EXPECT_EQ(rondo::run(asked_from_a_thread()), 7);
}

rondo::coro<void> note_cancel(trace& said, std::string name) {
    try {
        co_await rondo::sleep(1h);
    } catch (const rondo::cancelled_error&) {
        said.push_back(name + " cancelled");
        throw;
    }
}

rondo::coro<std::string> leaves_tasks_behind(trace& said) {
    std::ignore = rondo::create_task(note_cancel(said, "a"));
    std::ignore = rondo::create_task(note_cancel(said, "b"));
    co_await rondo::yield_now();
    said.push_back("main ends");
    co_return "result";
}

TEST(seeds, S1_19_run_cancels_what_main_leaves_behind_and_waits_for_it) {
    trace said;
    EXPECT_EQ(rondo::run(leaves_tasks_behind(said)), "result");
    EXPECT_THAT(said, ElementsAre("main ends", "a cancelled", "b cancelled"));
}

TEST(seeds, S4_07_run_until_complete_and_close_run_a_coroutine_too) {
    rondo::event_loop loop;
    EXPECT_EQ(loop.run_until_complete(seven()), 7);
    loop.close();
    EXPECT_TRUE(loop.is_closed());
}

rondo::coro<void> sleeper() { co_await rondo::sleep(1h); }

rondo::coro<void> counts_tasks() {
    auto finished = rondo::create_task(seven());
    co_await finished;
    auto alive = rondo::create_task(sleeper());
    auto future = rondo::get_running_loop().create_future<int>();
    EXPECT_EQ(rondo::all_tasks().size(), 2u);  // this one and the sleeper
    EXPECT_FALSE(future.done());
}

TEST(seeds, S1_20_all_tasks_are_those_not_done_and_no_futures) { rondo::run(counts_tasks()); }

rondo::coro<void> awaits_a_done_future(trace& said) {
    auto future = rondo::get_running_loop().create_future<int>();
    future.set_result(1);
    rondo::get_running_loop().call_soon([&said] { said.push_back("callback"); });
    co_await future;
    said.push_back("after the future");
    co_await rondo::yield_now();
}

TEST(seeds, S2_05_awaiting_a_future_suspends_only_while_it_is_pending) {
    trace said;
    rondo::run(awaits_a_done_future(said));
    EXPECT_THAT(said, ElementsAre("after the future", "callback"));
}

rondo::coro<void> note(trace& said, std::string what) {
    said.push_back(what);
    co_return;
}

rondo::coro<void> creates_tasks(trace& said) {
    auto lazy = rondo::create_task(note(said, "task"));
    said.push_back("after create_task");
    co_await lazy;
    auto eager = rondo::create_task(note(said, "eager task"), {.eager_start = true});
    said.push_back("after an eager create_task");
    EXPECT_TRUE(eager.done());
}

TEST(seeds, S2_06_a_task_does_not_run_before_its_creator_waits_unless_it_is_eager) {
    trace said;
    rondo::run(creates_tasks(said));
    EXPECT_THAT(
        said, ElementsAre("after create_task", "task", "eager task", "after an eager create_task"));
}

rondo::coro<std::size_t> tasks_alive() { co_return rondo::all_tasks().size(); }

rondo::coro<void> awaits_and_spawns() {
    std::size_t alive = co_await tasks_alive();
    EXPECT_EQ(alive, 1u);
    auto task = rondo::create_task(tasks_alive());
    alive = co_await task;
    EXPECT_EQ(alive, 2u);
}

TEST(seeds, S3_06_awaiting_a_coroutine_makes_no_task) { rondo::run(awaits_and_spawns()); }

rondo::coro<std::string> own_name() { co_return std::string(rondo::current_task().name()); }

TEST(seeds, S3_07_run_makes_a_task_of_its_coroutine) {
    EXPECT_EQ(rondo::run(own_name()), "Task-1");
}

rondo::coro<int> fails() {
    throw std::out_of_range("failed");
    co_return 0;
}

rondo::coro<void> gathers_outcomes() {
    auto [good, bad] = co_await rondo::gather(rondo::return_exceptions, seven(), fails());
    EXPECT_EQ(good.value(), 7);
    EXPECT_FALSE(bad.has_value());
    EXPECT_THROW(co_await rondo::gather(seven(), fails()), std::out_of_range);
}

TEST(seeds, S3_08_gather_throws_the_first_error_or_returns_them_all) {
    rondo::run(gathers_outcomes());
}

rondo::context_var<std::string> variable{"variable", "default"};

rondo::coro<std::string> name_and_variable() {
    co_return std::string(rondo::current_task().name()) + " " + variable.get();
}

rondo::coro<std::string> task_with_options() {
    auto context = rondo::copy_context();
    context.run([] { variable.set("set"); });
    auto task = rondo::create_task(name_and_variable(), {.name = "named", .context = &context});
    auto result = co_await task;
    co_return result;
}

TEST(seeds, S3_09_create_task_takes_a_name_and_a_context) {
    EXPECT_EQ(rondo::run(task_with_options()), "named set");
}

rondo::coro<void> sets_twice() {
    auto future = rondo::get_running_loop().create_future<int>();
    EXPECT_THROW(future.result(), rondo::invalid_state_error);
    future.set_result(1);
    EXPECT_THROW(future.set_result(2), rondo::invalid_state_error);
    EXPECT_EQ(future.result(), 1);
    co_return;
}

TEST(seeds, S4_20_a_future_is_set_once_and_has_no_result_before) { rondo::run(sets_twice()); }

rondo::coro<void> waits_for(rondo::future<int> future, trace& said, std::string name) {
    co_await future;
    said.push_back(name);
}

rondo::coro<void> wakes_in_the_next_pass(trace& said) {
    auto future = rondo::get_running_loop().create_future<int>();
    auto first = rondo::create_task(waits_for(future, said, "first"));
    auto second = rondo::create_task(waits_for(future, said, "second"));
    co_await rondo::yield_now();
    future.set_result(1);
    said.push_back("set");
    co_await second;
}

TEST(seeds, S4_20_set_result_schedules_those_who_wait_in_their_order) {
    trace said;
    rondo::run(wakes_in_the_next_pass(said));
    EXPECT_THAT(said, ElementsAre("set", "first", "second"));
}

}  // namespace
