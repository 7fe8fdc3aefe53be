// SPDX-License-Identifier: MIT
// expect-gcc12: destroys a temporary lambda with non-trivial captures twice
#include <rondo/threads/submit_to.hpp>

#include <string>

rondo::coro<void> careless(rondo::event_loop& other, std::string text) {
#ifdef RONDO_GOOD
    auto body = [text]() -> rondo::coro<void> { co_return; };
    co_await rondo::submit_to(other, body);
#else
    co_await rondo::submit_to(other, [text]() -> rondo::coro<void> { co_return; });
#endif
}
