// SPDX-License-Identifier: MIT
// What the tutorials say of coroutines, generators and awaitables. The numbers are those of the
// rows in examples/seeds/README.md.
#include <rondo/rondo.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using testing::ElementsAre;
using trace = std::vector<std::string>;

rondo::coro<int> note(trace& said, std::string what) {
    said.push_back(what);
    co_return 7;
}

TEST(seeds, S0_01_a_coroutine_function_is_one_that_returns_a_coro) {
    trace said;
    static_assert(std::is_same_v<decltype(note(said, "")), rondo::coro<int>>);
    static_assert(rondo::awaitable<rondo::coro<int>>);
    static_assert(std::is_same_v<rondo::awaitable_result_t<rondo::coro<int>>, int>);
}

TEST(seeds, S0_02_calling_a_coroutine_function_runs_nothing) {
    trace said;
    auto coroutine = note(said, "body");
    EXPECT_TRUE(said.empty());
    EXPECT_EQ(coroutine.state(), rondo::coro_state::created);
}

TEST(seeds, S0_02_parameters_move_into_the_coroutine_at_the_call) {
    auto use = [](std::unique_ptr<int> p) -> rondo::coro<int> { co_return *p; };
    auto p = std::make_unique<int>(7);
    auto coroutine = use(std::move(p));
    EXPECT_EQ(p, nullptr);
    EXPECT_EQ(rondo::run(std::move(coroutine)), 7);
}

rondo::coro<std::string> what_is_said_of_a_forgotten_one(trace& said) {
    testing::internal::CaptureStderr();
    (void)note(said, "body");
    co_return testing::internal::GetCapturedStderr();
}

TEST(seeds, S0_04_a_forgotten_coroutine_is_reported_where_its_statement_ends) {
    trace said;
    EXPECT_THAT(rondo::run(what_is_said_of_a_forgotten_one(said), {.debug = true}),
                testing::HasSubstr("coroutine 'note' was never awaited"));
    EXPECT_THAT(rondo::run(what_is_said_of_a_forgotten_one(said), {.debug = false}),
                testing::IsEmpty());
    EXPECT_TRUE(said.empty());
}

rondo::coro<void> awaits_a_child(trace& said) {
    rondo::get_running_loop().call_soon([&said] { said.push_back("another callback"); });
    said.push_back("before");
    co_await note(said, "child");
    said.push_back("after");
    co_await rondo::yield_now();
}

TEST(seeds, S0_06_awaiting_a_coroutine_runs_it_at_once_without_the_loop) {
    trace said;
    rondo::run(awaits_a_child(said));
    EXPECT_THAT(said, ElementsAre("before", "child", "after", "another callback"));
}

rondo::coro<void> note_thread(std::vector<std::thread::id>& threads) {
    threads.push_back(std::this_thread::get_id());
    co_await rondo::yield_now();
    threads.push_back(std::this_thread::get_id());
}

rondo::coro<void> many_in_one_thread(std::vector<std::thread::id>& threads) {
    co_await rondo::gather(note_thread(threads), note_thread(threads), note_thread(threads));
}

TEST(seeds, S0_08_one_loop_is_one_thread) {
    std::vector<std::thread::id> threads;
    rondo::run(many_in_one_thread(threads));
    EXPECT_THAT(threads, testing::SizeIs(6));
    EXPECT_THAT(threads, testing::Each(std::this_thread::get_id()));
}

rondo::coro<void> two_steps(trace& said, std::string name) {
    said.push_back(name + "1");
    co_await rondo::yield_now();
    said.push_back(name + "2");
}

rondo::coro<void> coroutines_then_tasks(trace& said) {
    co_await two_steps(said, "a");
    co_await two_steps(said, "b");
    auto c = rondo::create_task(two_steps(said, "c"));
    auto d = rondo::create_task(two_steps(said, "d"));
    co_await c;
    co_await d;
}

TEST(seeds, S0_09_only_tasks_run_side_by_side) {
    trace said;
    rondo::run(coroutines_then_tasks(said));
    EXPECT_THAT(said, ElementsAre("a1", "a2", "b1", "b2", "c1", "d1", "c2", "d2"));
}

rondo::generator<int> natural_numbers(trace& said) {
    for (int i = 1;; ++i) {
        said.push_back("made " + std::to_string(i));
        co_yield i;
    }
}

TEST(seeds, S1_03_a_generator_makes_a_value_when_it_is_asked) {
    trace said;
    auto numbers = natural_numbers(said);
    EXPECT_TRUE(said.empty());
    EXPECT_EQ(numbers.next(), 1);
    EXPECT_EQ(numbers.next(), 2);
    EXPECT_THAT(said, ElementsAre("made 1", "made 2"));
}

TEST(seeds, S2_01_a_function_runs_at_the_call_and_a_coroutine_function_does_not) {
    trace said;
    auto function = [&said] { said.push_back("function"); };
    auto coroutine_function = [](trace& into) -> rondo::coro<void> {
        into.push_back("coroutine");
        co_return;
    };
    function();
    auto coroutine = coroutine_function(said);
    EXPECT_THAT(said, ElementsAre("function"));
    rondo::run(std::move(coroutine));
    EXPECT_THAT(said, ElementsAre("function", "coroutine"));
}

// A class that can be awaited, as Python's classes with __await__.
class answer {
public:
    answer() {}
    bool await_ready() const { return false; }
    bool await_suspend(std::coroutine_handle<>) const { return false; }
    int await_resume() const { return 42; }
};

class question {
public:
    question() {}
    answer operator co_await() const { return answer(); }
};

rondo::coro<int> awaits_everything() {
    auto future = rondo::get_running_loop().create_future<int>();
    future.set_result(1);
    int sum = co_await future;
    sum += co_await rondo::create_task([]() -> rondo::coro<int> { co_return 2; }());
    sum += co_await answer();
    sum += co_await question();
    co_return sum;
}

TEST(seeds, S2_04_coroutines_tasks_futures_and_any_class_with_co_await_are_awaitable) {
    static_assert(rondo::awaitable<rondo::coro<int>>);
    static_assert(rondo::awaitable<rondo::task<int>>);
    static_assert(rondo::awaitable<rondo::future<int>>);
    static_assert(rondo::awaitable<answer>);
    static_assert(rondo::awaitable<question>);
    static_assert(!rondo::awaitable<int>);
    static_assert(!rondo::awaitable<std::string>);
    EXPECT_EQ(rondo::run(awaits_everything()), 87);
}

template <class C>
concept driven_by_hand = requires(C c, std::exception_ptr e) {
    { c.send() } -> std::same_as<bool>;
    { c.throw_(e) } -> std::same_as<bool>;
    c.close();
};

rondo::coro<void> stops_by_the_way(trace& said) {
    said.push_back("before");
    co_await std::suspend_always();
    said.push_back("after");
}

TEST(seeds, S4_04_a_coroutine_is_awaitable_and_has_send_throw_and_close) {
    static_assert(driven_by_hand<rondo::coro<int>>);
    trace said;
    auto sent = stops_by_the_way(said);
    EXPECT_TRUE(sent.send());
    EXPECT_FALSE(sent.send());
    EXPECT_THAT(said, ElementsAre("before", "after"));

    auto closed = stops_by_the_way(said);
    EXPECT_TRUE(closed.send());
    closed.close();
    EXPECT_TRUE(closed.done());

    auto thrown_into = stops_by_the_way(said);
    EXPECT_TRUE(thrown_into.send());
    EXPECT_THROW(thrown_into.throw_(std::make_exception_ptr(std::out_of_range("thrown in"))),
                 std::out_of_range);
    EXPECT_TRUE(thrown_into.done());
    EXPECT_THAT(said, ElementsAre("before", "after", "before", "before"));
}

// What two buyers share: whoever fills the shelf takes from it before anybody else runs.
struct shop {
    std::vector<int> shelf;
    int found_empty = 0;

    rondo::coro<void> ask_for_more() {
        co_await rondo::yield_now();
        shelf.push_back(1);
    }

    rondo::async_generator<int> take(int count) {
        for (int i = 0; i < count; ++i) {
            if (shelf.empty()) {
                co_await ask_for_more();
            }
            if (shelf.empty()) {
                ++found_empty;
                continue;
            }
            shelf.pop_back();
            co_yield i;
        }
    }

    rondo::coro<int> buy(int count) {
        int bought = 0;
        auto goods = take(count);
        while (auto one = co_await goods.next()) {
            ++bought;
        }
        co_return bought;
    }
};

rondo::coro<int> two_buyers(shop& s) {
    auto [a, b] = co_await rondo::gather(s.buy(50), s.buy(50));
    co_return a + b;
}

TEST(seeds, S4_06_nobody_runs_between_the_end_of_a_child_and_its_parent) {
    shop s;
    EXPECT_EQ(rondo::run(two_buyers(s)), 100);
    EXPECT_EQ(s.found_empty, 0);
}

rondo::async_generator<int, int> echo_generator(trace& said) {
    int sent = 0;
    try {
        while (true) {
            sent = co_yield sent * 10;
        }
    } catch (const std::out_of_range&) {
        said.push_back("caught");
    }
    co_yield -1;
}

rondo::coro<void> drive_async_generator(trace& said) {
    auto g = echo_generator(said);
    auto first = co_await g.next();
    EXPECT_EQ(first, 0);
    auto second = co_await g.asend(4);
    EXPECT_EQ(second, 40);
    auto third = co_await g.athrow(std::make_exception_ptr(std::out_of_range("thrown in")));
    EXPECT_EQ(third, -1);
    co_await g.aclose();
    auto end = co_await g.next();
    EXPECT_EQ(end, std::nullopt);
}

TEST(seeds, S4_09_an_async_generator_has_next_asend_athrow_and_aclose) {
    trace said;
    rondo::run(drive_async_generator(said));
    EXPECT_THAT(said, ElementsAre("caught"));
}

struct counted {
    int count = 0;
    rondo::coro<int> next() { co_return ++count; }
    static rondo::coro<int> answer() { co_return 42; }
};

TEST(seeds, S4_11_a_method_call_gives_a_coroutine_too) {
    counted c;
    static_assert(std::is_same_v<decltype(c.next()), rondo::coro<int>>);
    static_assert(std::is_same_v<decltype(counted::answer()), rondo::coro<int>>);
    auto coroutine = c.next();
    EXPECT_EQ(c.count, 0);
    EXPECT_EQ(rondo::run(std::move(coroutine)), 1);
    EXPECT_EQ(rondo::run(counted::answer()), 42);
}

rondo::coro<int> method_of_a_shared_object() {
    auto object = std::make_shared<counted>();
    std::weak_ptr<counted> watched = object;
    auto task = rondo::create_task([](std::shared_ptr<counted> self) { return self->next(); },
                                   std::move(object));
    EXPECT_FALSE(watched.expired());
    int result = co_await task;
    co_return result;
}

TEST(seeds, S4_11_create_task_keeps_the_arguments_of_its_function_alive) {
    EXPECT_EQ(rondo::run(method_of_a_shared_object()), 1);
}

rondo::coro<int> async_without_waiting(trace& said) {
    int sum = 0;
    for (int i = 0; i < 100; ++i) {
        sum += co_await note(said, "step");
    }
    co_return sum;
}

rondo::coro<int> beside_a_callback(trace& said) {
    rondo::get_running_loop().call_soon([&said] { said.push_back("callback"); });
    int sum = co_await async_without_waiting(said);
    co_await rondo::yield_now();
    co_return sum;
}

TEST(seeds, S4_23_co_await_alone_does_not_suspend_only_waiting_does) {
    trace said;
    EXPECT_EQ(rondo::run(beside_a_callback(said)), 700);
    ASSERT_EQ(said.size(), 101u);
    EXPECT_EQ(said.back(), "callback");
}

}  // namespace
