// SPDX-License-Identifier: MIT
// A server has only the stream to give.
// expect: a handler is a coroutine function that takes a stream
#include <rondo/net/server.hpp>

#ifdef RONDO_GOOD
rondo::coro<void> handler(rondo::stream) { co_return; }
#else
rondo::coro<void> handler(rondo::stream, int) { co_return; }
#endif

rondo::coro<void> careless() { auto s = co_await rondo::start_server(handler, "localhost", 0); }
