// SPDX-License-Identifier: MIT
// GCC before 14 destroys a temporary aggregate in a co_await expression twice.
// expect-gcc12: destroys a temporary aggregate twice
#include <rondo/threads/submit_to.hpp>

#include <string>

struct query {
    std::string text;
};
rondo::coro<std::size_t> ask(query q) { co_return q.text.size(); }

rondo::coro<void> careless(rondo::event_loop& other) {
#ifdef RONDO_GOOD
    const query q{"text"};
    co_await rondo::submit_to(other, ask, q);
#else
    co_await rondo::submit_to(other, ask, query{"text"});
#endif
}
