// SPDX-License-Identifier: MIT
// A handler that is a plain function would hold up everybody else.
// expect: a handler is a coroutine function that takes a stream
#include <rondo/net/server.hpp>

#ifdef RONDO_GOOD
rondo::coro<void> handler(rondo::stream) { co_return; }
#else
void handler(rondo::stream) {}
#endif

rondo::coro<void> careless() { auto s = co_await rondo::start_unix_server(handler, "/tmp/socket"); }
