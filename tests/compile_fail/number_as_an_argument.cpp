// SPDX-License-Identifier: MIT
// Programs are given text, and how a number becomes one is for the caller to say.
// expect: an argument is a string or a range of strings
#include <rondo/os/subprocess.hpp>

rondo::coro<void> careless() {
#ifdef RONDO_GOOD
    auto p = co_await rondo::create_subprocess_exec("sleep", std::to_string(5));
#else
    auto p = co_await rondo::create_subprocess_exec("sleep", 5);
#endif
}
