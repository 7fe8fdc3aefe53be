// SPDX-License-Identifier: MIT
// expect-gcc12: destroys a temporary lambda with non-trivial captures twice
#include <rondo/net/dispatcher.hpp>

#include <string>

rondo::coro<void> careless(rondo::loop_place here, std::string text) {
#ifdef RONDO_GOOD
    auto talk = [text](rondo::stream) -> rondo::coro<void> { co_return; };
    auto all = co_await rondo::start_dispatcher(here, talk, "127.0.0.1", 0);
#else
    auto all = co_await rondo::start_dispatcher(
        here, [text](rondo::stream) -> rondo::coro<void> { co_return; }, "127.0.0.1", 0);
#endif
}
