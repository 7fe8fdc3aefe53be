// SPDX-License-Identifier: MIT
// Options come last, as keyword arguments do.
// expect: options come last
#include <rondo/os/subprocess.hpp>

rondo::coro<void> careless() {
    const rondo::process_options quiet{.stdout_ = rondo::stdio::devnull};
#ifdef RONDO_GOOD
    auto p = co_await rondo::create_subprocess_exec("echo", "text", quiet);
#else
    auto p = co_await rondo::create_subprocess_exec("echo", quiet, "text");
#endif
}
