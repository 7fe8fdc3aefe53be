// SPDX-License-Identifier: MIT
// GCC before 13 cannot keep the array behind a braced list across a co_await.
// expect-gcc12: array used as initializer
#include <rondo/core/coro.hpp>

#include <vector>

rondo::coro<int> one() { co_return 1; }
int sum(const std::vector<int>& numbers) { return numbers.empty() ? 0 : numbers[0]; }

rondo::coro<int> careless() {
#ifdef RONDO_GOOD
    std::vector<int> numbers;
    numbers.push_back(co_await one());
    numbers.push_back(co_await one());
    co_return sum(numbers);
#else
    co_return sum({co_await one(), co_await one()});
#endif
}
