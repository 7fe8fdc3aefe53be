// SPDX-License-Identifier: MIT
// A plain function is no coroutine: there is nothing that could run beside the caller.
// expect: no matching function
#include <rondo/core/task.hpp>

int plain() { return 42; }
rondo::coro<int> answer() { co_return 42; }

rondo::coro<int> careless() {
#ifdef RONDO_GOOD
    auto t = rondo::create_task(answer);
#else
    auto t = rondo::create_task(plain);
#endif
    co_return co_await t;
}
