// SPDX-License-Identifier: MIT
// A variant holds no references.
// expect: which cannot hold references: let the coroutine return a pointer
#include <rondo/core/race.hpp>

int number = 7;

#ifdef RONDO_GOOD
rondo::coro<int*> find() { co_return &number; }
#else
rondo::coro<int&> find() { co_return number; }
#endif

rondo::coro<void> f() { auto first = co_await rondo::race(find(), find()); }
