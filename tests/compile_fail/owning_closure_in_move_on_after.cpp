// SPDX-License-Identifier: MIT
// expect-gcc12: destroys a temporary lambda with non-trivial captures twice
#include <rondo/core/cancel_scope.hpp>

#include <chrono>
#include <string>

rondo::coro<void> careless(std::string text) {
    using namespace std::chrono_literals;
#ifdef RONDO_GOOD
    co_await rondo::move_on_after(1s, [&text]() -> rondo::coro<void> { co_return; });
#else
    co_await rondo::move_on_after(1s, [text]() -> rondo::coro<void> { co_return; });
#endif
}
