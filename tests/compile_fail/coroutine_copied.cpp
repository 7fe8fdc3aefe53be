// SPDX-License-Identifier: MIT
// A coroutine has one owner: a copy would run the same frame twice.
// expect: deleted
#include <rondo/core/coro.hpp>

#include <utility>

rondo::coro<int> answer() { co_return 42; }

rondo::coro<int> careless() {
    rondo::coro<int> a = answer();
#ifdef RONDO_GOOD
    rondo::coro<int> b = std::move(a);
#else
    rondo::coro<int> b = a;
#endif
    co_return co_await std::move(b);
}
