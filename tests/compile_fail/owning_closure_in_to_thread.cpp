// SPDX-License-Identifier: MIT
// expect-gcc12: destroys a temporary lambda with non-trivial captures twice
#include <rondo/threads/to_thread.hpp>

#include <string>

rondo::coro<void> careless(std::string text) {
#ifdef RONDO_GOOD
    co_await rondo::to_thread([](const std::string& mine) { return mine.size(); }, text);
#else
    co_await rondo::to_thread([text] { return text.size(); });
#endif
}
