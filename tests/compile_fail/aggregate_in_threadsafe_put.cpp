// SPDX-License-Identifier: MIT
// GCC before 14 destroys a temporary aggregate in a co_await expression twice.
// expect-gcc12: write emplace(parts...), which makes the item inside
#include <rondo/core/coro.hpp>
#include <rondo/threads/threadsafe_queue.hpp>

#include <string>

struct job {
    std::string what;
    int count;
};

rondo::coro<void> careless(rondo::threadsafe_queue<job>& jobs) {
#ifdef RONDO_GOOD
    co_await jobs.put({"wash", 3});
#else
    co_await jobs.put(job{"wash", 3});
#endif
}
