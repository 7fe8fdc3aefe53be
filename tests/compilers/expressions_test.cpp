// SPDX-License-Identifier: MIT
// Where a co_await may stand: the shapes that every compiler gets right.
#include "tracked.hpp"

#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace compilers {
namespace {

using rondo::coro;

TEST_F(shapes, in_the_conditions_of_if_while_and_for) {
    EXPECT_EQ(run([]() -> coro<int> {
                  int n = 0;
                  if (co_await by_value(tracked(1)) == 1) {
                      ++n;
                  }
                  if (int k = co_await by_value(tracked(1)); k == 1) {
                      ++n;
                  }
                  while (co_await by_value(tracked(n < 4 ? 1 : 0)) == 1) {
                      ++n;
                  }
                  for (int i = 0; i < co_await by_value(tracked(2)); ++i) {
                      ++n;
                  }
                  co_return n;
              }),
              6);
}

coro<int> choose(int which) {
    const int n = co_await by_value(tracked(which));  // in its own statement, before the switch
    switch (n) {
        case 2:
            co_return 22;
        default:
            co_return 0;
    }
}

TEST_F(shapes, before_a_switch) {
    EXPECT_EQ(run(choose(2)), 22);
    EXPECT_EQ(run(choose(3)), 0);
}

coro<int> if_and_else(bool yes) {
    tracked t;
    if (yes) {
        t = co_await make(1);
    } else {
        t = tracked(2);
    }
    co_return t.value();
}

TEST_F(shapes, in_if_and_else_where_one_thinks_of_a_conditional_expression) {
    EXPECT_EQ(run(if_and_else(true)), 1);
    EXPECT_EQ(run(if_and_else(false)), 2);
}

TEST_F(shapes, chosen_by_a_conditional_expression_in_a_statement_of_its_own) {
    for (const bool yes : {true, false}) {
        EXPECT_EQ(run([yes]() -> coro<int> {
                      auto chosen = yes ? by_value(tracked(1)) : by_value(tracked(2));
                      co_return co_await std::move(chosen);
                  }),
                  yes ? 1 : 2);
    }
}

TEST_F(shapes, in_both_branches_of_a_conditional_expression_of_numbers) {
    for (const bool yes : {true, false}) {
        EXPECT_EQ(run([yes]() -> coro<int> {
                      co_return yes ? co_await by_value(tracked(1)) : co_await by_value(tracked(2));
                  }),
                  yes ? 1 : 2);
    }
}

TEST_F(shapes, behind_a_logical_and) {
    for (const bool yes : {true, false}) {
        EXPECT_EQ(
            run([yes]() -> coro<bool> { co_return yes&& co_await by_value(tracked(1)) == 1; }),
            yes);
    }
}

coro<std::vector<tracked>> make_two() {
    co_await rondo::yield_now();
    std::vector<tracked> two;
    two.emplace_back(1);
    two.emplace_back(2);
    co_return two;
}

TEST_F(shapes, in_the_head_of_a_range_for) {
    EXPECT_EQ(run([]() -> coro<int> {
                  int sum = 0;
                  for (const tracked& t : co_await make_two()) {
                      sum += co_await by_reference(t);
                  }
                  co_return sum;
              }),
              3);
}

TEST_F(shapes, in_a_structured_binding_in_a_loop) {
    EXPECT_EQ(run([]() -> coro<int> {
                  int sum = 0;
                  for (int i = 0; i < 3; ++i) {
                      auto [a, b] = co_await rondo::gather(make(1), make(2));
                      sum += a.value() + b.value();
                  }
                  co_return sum;
              }),
              9);
}

TEST_F(shapes, several_in_one_expression) {
    EXPECT_EQ(run([]() -> coro<int> {
                  co_return (co_await make(1)).value() + (co_await make(2)).value() +
                      tracked(4).value();
              }),
              7);
}

TEST_F(shapes, as_arguments_of_plain_calls) {
    EXPECT_EQ(run([]() -> coro<int> {
                  auto both = std::make_tuple(co_await make(1), co_await make(2));
                  auto third = std::make_unique<tracked>(co_await by_value(tracked(4)));
                  co_return std::get<0>(both).value() + std::get<1>(both).value() + third->value();
              }),
              7);
}

TEST_F(shapes, as_arguments_of_awaited_calls) {
    EXPECT_EQ(run([]() -> coro<int> { co_return co_await by_value(co_await make(3)); }), 3);
}

TEST_F(shapes, on_the_right_of_an_assignment) {
    EXPECT_EQ(run([]() -> coro<int> {
                  std::string text = "a text that is long enough";
                  text += std::to_string(co_await by_value(tracked(3))) + std::string(30, 'x');
                  int numbers[2] = {0, 0};
                  int i = 0;
                  numbers[i++] = co_await by_value(tracked(4));
                  co_return static_cast<int>(text.size()) + numbers[0];
              }),
              26 + 1 + 30 + 4);
}

TEST_F(shapes, bound_to_a_reference_that_prolongs_its_life) {
    EXPECT_EQ(run([]() -> coro<int> {
                  const tracked& a = co_await make(1);
                  auto&& b = co_await make(2);
                  co_await rondo::yield_now();
                  co_return a.value() + b.value();
              }),
              3);
}

struct aggregate {
    tracked first = tracked();
    int second = 0;
};

TEST_F(shapes, member_by_member_into_an_aggregate) {
    EXPECT_EQ(run([]() -> coro<int> {
                  aggregate a{};
                  a.first = co_await make(1);
                  a.second = co_await by_value(tracked(2));
                  co_return a.first.value() + a.second;
              }),
              3);
}

// ---- errors

TEST_F(shapes, in_a_try_block) {
    EXPECT_EQ(run([]() -> coro<int> {
                  tracked outer(1);
                  int caught = 0;
                  try {
                      tracked inner(2);
                      co_await fail(tracked(5));
                  } catch (int error) {
                      caught = error;
                  }
                  co_return caught + co_await by_value(tracked(1));
              }),
              6);
}

TEST_F(shapes, in_an_expression_whose_other_half_is_never_built) {
    EXPECT_EQ(run([]() -> coro<int> {
                  try {
                      co_return co_await fail(tracked(5)) + tracked(4).value();
                  } catch (int error) {
                      co_return error;
                  }
              }),
              5);
}

tracked build_none() { throw 9; }
coro<int> take_two(tracked a, tracked b) { co_return a.value() + b.value(); }

TEST_F(shapes, with_an_argument_that_cannot_be_built) {
    EXPECT_EQ(run([]() -> coro<int> {
                  try {
                      co_return co_await take_two(tracked(1), build_none());
                  } catch (int error) {
                      co_return error;
                  }
              }),
              9);
}

// ---- frames that are destroyed while they are suspended

rondo::coro<int> in_the_middle(tracked t) {
    tracked inner(2);
    co_await std::suspend_always();
    co_return t.value() + inner.value();
}
rondo::coro<int> around_the_middle() {
    tracked outer(1);
    for (int i = 0; i < 2; ++i) {
        tracked local(i);
        co_await in_the_middle(tracked(7));
    }
    co_return outer.value();
}

TEST_F(shapes, a_chain_that_is_destroyed_in_the_middle) {
    auto chain = around_the_middle();
    EXPECT_TRUE(chain.send());
    EXPECT_EQ(tracked::living.size(), 5u);
    chain.close();
}

TEST_F(shapes, a_chain_that_is_cancelled_in_the_middle) {
    run([]() -> coro<void> {
        auto sleeper = rondo::create_task([]() -> coro<void> {
            tracked outer(1);
            co_await [](tracked inner) -> coro<void> {
                co_await rondo::sleep_forever();
                static_cast<void>(inner.value());
            }(tracked(2));
        });
        co_await rondo::yield_now();
        sleeper.cancel();
        co_await rondo::as_outcome(sleeper);
    });
}

}  // namespace
}  // namespace compilers
