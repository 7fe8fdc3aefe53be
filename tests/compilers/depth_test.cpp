// SPDX-License-Identifier: MIT
// Chains of awaits that end at once, and deep ones, need no stack: in every build, on every
// compiler.
#include "tracked.hpp"

namespace compilers {
namespace {

using rondo::coro;

coro<int> leaf(int i) { co_return i; }

coro<long> many(int n) {
    long sum = 0;
    for (int i = 0; i < n; ++i) {
        sum += co_await leaf(1);
    }
    co_return sum;
}

coro<int> deep(int depth) {
    if (depth == 0) {
        co_await rondo::yield_now();
        co_return 0;
    }
    co_return 1 + co_await deep(depth - 1);
}

TEST_F(shapes, a_million_awaits_that_end_at_once) { EXPECT_EQ(run(many(1'000'000)), 1'000'000); }

TEST_F(shapes, a_recursion_ten_thousand_deep) { EXPECT_EQ(run(deep(10'000)), 10'000); }

}  // namespace
}  // namespace compilers
