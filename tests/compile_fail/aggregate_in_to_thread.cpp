// SPDX-License-Identifier: MIT
// GCC before 14 destroys a temporary aggregate in a co_await expression twice.
// expect-gcc12: destroys a temporary aggregate twice
// expect-gcc12: give the argument a name and pass it by that name
#include <rondo/threads/to_thread.hpp>

#include <string>

struct query {
    std::string text;
};
std::size_t ask(const query& q) { return q.text.size(); }

rondo::coro<void> careless() {
#ifdef RONDO_GOOD
    const query q{"text"};
    co_await rondo::to_thread(ask, q);
#else
    co_await rondo::to_thread(ask, query{"text"});
#endif
}
