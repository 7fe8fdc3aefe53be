// SPDX-License-Identifier: MIT
// A signal handler is called by the loop, and nobody would await what it returns. The names of the
// signals come with the header.
// expect: fn is called, not awaited
#include <rondo/core/task.hpp>
#include <rondo/os/signals.hpp>

rondo::coro<void> reload() { co_return; }

void careless() {
#ifdef RONDO_GOOD
    rondo::add_signal_handler(SIGHUP, [] { static_cast<void>(rondo::create_task(reload())); });
#else
    rondo::add_signal_handler(SIGHUP, reload);
#endif
}
