// SPDX-License-Identifier: MIT
// expect: a generator cannot co_await
#include <rondo/core/coro.hpp>
#include <rondo/core/generator.hpp>

rondo::coro<int> answer() { co_return 42; }

rondo::generator<int> careless() {
#ifdef RONDO_GOOD
    co_yield 42;
#else
    co_await answer();
    co_yield 1;
#endif
}
