// SPDX-License-Identifier: MIT
// wait() says which of its members are done, and a coroutine that was passed in is nobody's handle.
// expect: a bare coroutine could not be found again in the result
#include <rondo/core/wait.hpp>

#include <vector>

rondo::coro<int> answer() { co_return 42; }

rondo::coro<void> careless() {
#ifdef RONDO_GOOD
    std::vector<rondo::task<int>> members;
    members.push_back(rondo::create_task(answer()));
#else
    std::vector<rondo::coro<int>> members;
    members.push_back(answer());
#endif
    co_await rondo::wait(members);
}
