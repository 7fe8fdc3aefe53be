// SPDX-License-Identifier: MIT
// co_await makes a function a coroutine, and then its return type must allow it.
// expect: coroutine
#include <rondo/core/coro.hpp>

rondo::coro<int> answer() { co_return 42; }

#ifdef RONDO_GOOD
rondo::coro<int> careless() { co_return co_await answer(); }
#else
int careless() { return co_await answer(); }
#endif
