// SPDX-License-Identifier: MIT
// How arguments and callables travel into an awaited call: the shapes that every compiler gets
// right.
#include "tracked.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace compilers {
namespace {

using rondo::coro;
using namespace std::chrono_literals;

struct aggregate {
    tracked first;
    std::string second;
};
coro<int> take_aggregate(aggregate a) {
    co_await rondo::yield_now();
    co_return a.first.value();
}
coro<int> refer_to_aggregate(const aggregate& a) {
    co_await rondo::yield_now();
    co_return a.first.value();
}

class with_constructor {
public:
    with_constructor(tracked first, std::string second)
        : first_(std::move(first)), second_(std::move(second)) {}
    int value() const { return first_.value(); }

private:
    tracked first_;
    std::string second_;
};
coro<int> take_with_constructor(with_constructor w) {
    co_await rondo::yield_now();
    co_return w.value();
}

TEST_F(shapes, a_temporary_with_a_constructor_is_passed_by_value) {
    EXPECT_EQ(run([]() -> coro<int> { co_return co_await by_value(tracked(3)); }), 3);
}

TEST_F(shapes, a_temporary_is_passed_by_reference) {
    EXPECT_EQ(run([]() -> coro<int> { co_return co_await by_reference(tracked(3)); }), 3);
}

TEST_F(shapes, a_class_with_a_constructor_is_written_in_braces) {
    EXPECT_EQ(
        run([]() -> coro<int> { co_return co_await take_with_constructor({tracked(3), "text"}); }),
        3);
}

TEST_F(shapes, an_aggregate_has_a_name_before_it_is_moved_in) {
    EXPECT_EQ(run([]() -> coro<int> {
                  aggregate a{tracked(3), "text"};
                  co_return co_await take_aggregate(std::move(a));
              }),
              3);
}

TEST_F(shapes, an_aggregate_has_a_name_before_it_is_referred_to) {
    EXPECT_EQ(run([]() -> coro<int> {
                  const aggregate a{tracked(3), "text"};
                  co_return co_await refer_to_aggregate(a);
              }),
              3);
}

TEST_F(shapes, a_coroutine_that_takes_an_aggregate_is_made_first_and_awaited_then) {
    EXPECT_EQ(run([]() -> coro<int> {
                  auto c = take_aggregate({tracked(3), "text"});
                  co_return co_await c;
              }),
              3);
}

TEST_F(shapes, options_with_trivial_members_are_written_in_braces) {
    EXPECT_EQ(run([]() -> coro<std::size_t> {
                  std::vector<rondo::task<int>> tasks;
                  tasks.push_back(rondo::create_task(by_value(tracked(3)), {.name = "named"}));
                  auto seen = co_await rondo::wait(
                      tasks, {.timeout = 1s, .return_when = rondo::first_completed});
                  co_return seen.done.size();
              }),
              1u);
}

TEST_F(shapes, a_vector_is_filled_before_it_is_passed) {
    EXPECT_EQ(run([]() -> coro<int> {
                  std::vector<coro<int>> both;
                  both.push_back(by_value(tracked(1)));
                  both.push_back(by_value(tracked(2)));
                  auto values = co_await rondo::gather(both);
                  co_return values[0] + values[1];
              }),
              3);
}

TEST_F(shapes, a_lambda_without_captures_takes_its_arguments_by_value) {
    EXPECT_EQ(run([]() -> coro<int> {
                  tracked t(3);
                  co_return co_await [](tracked mine) -> coro<int> {
                      co_await rondo::yield_now();
                      co_return mine.value();
                  }(t);
              }),
              3);
}

TEST_F(shapes, an_awaited_call_gets_a_lambda_that_captures_by_reference) {
    EXPECT_EQ(run([]() -> coro<int> {
                  tracked t(3);
                  int seen = 0;
                  co_await rondo::with(rondo::timeout(1s), [&]() -> coro<void> {
                      co_await rondo::yield_now();
                      seen = t.value();
                  });
                  co_return seen;
              }),
              3);
}

TEST_F(shapes, an_awaited_call_gets_a_lambda_that_captures_what_is_trivial) {
    EXPECT_EQ(run([]() -> coro<int> {
                  const int n = 3;
                  co_return co_await rondo::fail_after(1s, [n]() -> coro<int> { co_return n; });
              }),
              3);
}

TEST_F(shapes, a_lambda_that_owns_something_has_a_name_before_the_awaited_call) {
    EXPECT_EQ(run([]() -> coro<int> {
                  tracked t(3);
                  auto body = [t]() -> coro<int> {
                      co_await rondo::yield_now();
                      co_return t.value();
                  };
                  co_return co_await rondo::fail_after(1s, body);
              }),
              3);
}

TEST_F(shapes, a_lambda_that_owns_something_is_given_to_a_task) {
    EXPECT_EQ(run([]() -> coro<int> {
                  tracked t(3);
                  auto task = rondo::create_task([t]() -> coro<int> {
                      co_await rondo::yield_now();
                      co_return t.value();
                  });
                  co_return co_await task;
              }),
              3);
}

TEST_F(shapes, a_lambda_that_owns_something_is_given_to_a_group) {
    EXPECT_EQ(run([]() -> coro<int> {
                  int seen = 0;
                  co_await rondo::with(rondo::task_group(),
                                       [&](rondo::task_group& group) -> coro<void> {
                                           tracked t(3);
                                           group.create_task([t, &seen]() -> coro<void> {
                                               co_await rondo::yield_now();
                                               seen = t.value();
                                           });
                                           co_return;
                                       });
                  co_return seen;
              }),
              3);
}

TEST_F(shapes, a_callable_that_is_created_without_a_co_await_may_own_anything) {
    EXPECT_EQ(run([]() -> coro<int> {
                  tracked t(3);
                  int seen = 0;
                  rondo::get_running_loop().call_soon([t, &seen] { seen = t.value(); });
                  co_await rondo::yield_now();
                  co_return seen;
              }),
              3);
}

// ---- items, and members of a wait

TEST_F(shapes, an_item_is_written_in_braces) {
    EXPECT_EQ(run([]() -> coro<int> {
                  rondo::queue<aggregate> queue;
                  rondo::threadsafe_queue<aggregate> between_threads;
                  auto [to, from] = rondo::open_channel<aggregate>(1);
                  const std::string text = "a text that is too long to be kept inside";
                  co_await queue.put({tracked(1), text});
                  co_await between_threads.put({tracked(2), text});
                  co_await to.send({tracked(4), text});
                  const aggregate a = co_await queue.get();
                  const aggregate b = co_await between_threads.get();
                  const auto c = co_await from.receive();
                  EXPECT_EQ(a.second + b.second + c->second, text + text + text);
                  co_return a.first.value() + b.first.value() + c->first.value();
              }),
              7);
}

TEST_F(shapes, an_item_is_made_in_its_place) {
    EXPECT_EQ(run([]() -> coro<int> {
                  rondo::queue<aggregate> queue;
                  rondo::threadsafe_queue<aggregate> between_threads;
                  auto [to, from] = rondo::open_channel<aggregate>(1);
                  co_await queue.emplace(tracked(1), "text");
                  co_await between_threads.emplace(tracked(2), "text");
                  co_await to.emplace(tracked(4), "text");
                  const aggregate a = co_await queue.get();
                  const aggregate b = co_await between_threads.get();
                  const auto c = co_await from.receive();
                  co_return a.first.value() + b.first.value() + c->first.value();
              }),
              7);
}

TEST_F(shapes, an_item_has_a_name_before_it_is_put) {
    EXPECT_EQ(run([]() -> coro<int> {
                  rondo::queue<aggregate> queue;
                  aggregate item{tracked(3), "text"};
                  co_await queue.put(item);
                  co_await queue.emplace(std::move(item));
                  const aggregate a = co_await queue.get();
                  const aggregate b = co_await queue.get();
                  co_return a.first.value() + b.first.value();
              }),
              6);
}

TEST_F(shapes, tasks_are_waited_for_one_by_one) {
    EXPECT_EQ(run([]() -> coro<std::size_t> {
                  auto a = rondo::create_task(by_value(tracked(1)));
                  auto b = rondo::create_task(by_value(tracked(2)));
                  auto both = co_await rondo::wait(a, b);
                  auto sleeper = rondo::create_task(rondo::sleep_forever());
                  auto [done, pending] = co_await rondo::wait(
                      rondo::any_task(a), rondo::any_task(sleeper),
                      rondo::wait_options{.return_when = rondo::first_completed});
                  sleeper.cancel();
                  EXPECT_EQ(co_await both.done[0] + co_await both.done[1], 3);
                  EXPECT_EQ(pending.size(), 1u);
                  co_return done.size() + (co_await rondo::wait(a)).done.size();
              }),
              2u);
}

// ---- awaiters

class awaiter_with_constructor {
public:
    explicit awaiter_with_constructor(tracked t) : t_(std::move(t)) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<>) const noexcept { return false; }
    int await_resume() const { return t_.value(); }

private:
    tracked t_;
};
struct converts_to_awaiter {
    int value;
    awaiter_with_constructor operator co_await() && {
        return awaiter_with_constructor(tracked(value));
    }
};

TEST_F(shapes, an_awaiter_with_a_constructor_is_a_temporary) {
    EXPECT_EQ(run([]() -> coro<int> { co_return co_await awaiter_with_constructor(tracked(3)); }),
              3);
}

TEST_F(shapes, an_awaiter_comes_from_operator_co_await) {
    EXPECT_EQ(run([]() -> coro<int> { co_return co_await converts_to_awaiter{3}; }), 3);
}

TEST_F(shapes, an_awaiter_that_calls_back_has_trivial_captures) {
    EXPECT_EQ(run([]() -> coro<int> {
                  const int n = 3;
                  co_return co_await rondo::suspend<int>([n](rondo::resolver<int> r) {
                      rondo::get_running_loop().call_soon([r, n] { r.resolve(n); });
                  });
              }),
              3);
}

}  // namespace
}  // namespace compilers
