// SPDX-License-Identifier: MIT
// expect-gcc12: destroys a temporary lambda with non-trivial captures twice
#include <rondo/threads/sharded.hpp>

#include <string>

rondo::coro<void> careless(rondo::sharded<int>& all, rondo::loop_place here, std::string text) {
#ifdef RONDO_GOOD
    co_await all.map(here, [&text](int& theirs) { return theirs + text.empty(); });
#else
    co_await all.map(here, [text](int& theirs) { return theirs + text.empty(); });
#endif
}
