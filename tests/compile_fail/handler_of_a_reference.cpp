// SPDX-License-Identifier: MIT
// The handler owns its stream: nobody else keeps it.
// expect: a handler is a coroutine function that takes a stream
#include <rondo/net/dispatcher.hpp>

#ifdef RONDO_GOOD
rondo::coro<void> handler(rondo::stream) { co_return; }
#else
rondo::coro<void> handler(rondo::stream&) { co_return; }
#endif

rondo::coro<void> careless(rondo::loop_place here) {
    auto s = co_await rondo::start_dispatcher(here, handler, "localhost", 0);
}
