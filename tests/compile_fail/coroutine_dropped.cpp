// SPDX-License-Identifier: MIT
// A coroutine that nobody awaits would never run.
// expect: a coroutine runs only when it is awaited
#include <rondo/core/coro.hpp>

rondo::coro<int> answer() { co_return 42; }

rondo::coro<int> careless() {
#ifdef RONDO_GOOD
    co_return co_await answer();
#else
    answer();
    co_return 1;
#endif
}
