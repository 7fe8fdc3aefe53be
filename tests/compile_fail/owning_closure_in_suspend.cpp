// SPDX-License-Identifier: MIT
// expect-gcc12: destroys a temporary lambda with non-trivial captures twice
#include <rondo/core/coro.hpp>
#include <rondo/core/suspend.hpp>

#include <string>

rondo::coro<void> careless(std::string text) {
#ifdef RONDO_GOOD
    co_await rondo::suspend([&text](rondo::resolver<> r) { r.resolve(); });
#else
    co_await rondo::suspend([text](rondo::resolver<> r) { r.resolve(); });
#endif
}
