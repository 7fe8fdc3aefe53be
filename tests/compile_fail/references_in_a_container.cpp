// SPDX-License-Identifier: MIT
// A vector holds no references.
// expect: which cannot hold references: let the coroutine return a pointer
#include <rondo/core/gather.hpp>

#include <vector>

int number = 7;

#ifdef RONDO_GOOD
rondo::coro<int*> find() { co_return &number; }
#else
rondo::coro<int&> find() { co_return number; }
#endif

rondo::coro<void> f() {
    std::vector<rondo::coro<decltype(find())::value_type>> several;
    several.push_back(find());
    auto all = co_await rondo::gather(several);
}
