// SPDX-License-Identifier: MIT
// GCC before 14 destroys a temporary closure in a co_await expression twice.
// expect-gcc12: destroys a temporary lambda with non-trivial captures twice
#include <rondo/core/timeout.hpp>
#include <rondo/core/with.hpp>

#include <chrono>
#include <string>

rondo::coro<void> careless(std::string text) {
    using namespace std::chrono_literals;
#ifdef RONDO_GOOD
    auto body = [text]() -> rondo::coro<void> { co_return; };
    co_await rondo::with(rondo::timeout(1s), body);
#else
    co_await rondo::with(rondo::timeout(1s), [text]() -> rondo::coro<void> { co_return; });
#endif
}
