// SPDX-License-Identifier: MIT
// expect: co_await needs an awaitable
#include <rondo/core/coro.hpp>

int forty_two() { return 42; }
rondo::coro<int> answer() { co_return 42; }

rondo::coro<int> careless() {
#ifdef RONDO_GOOD
    co_return co_await answer();
#else
    co_await forty_two();
    co_return 1;
#endif
}
