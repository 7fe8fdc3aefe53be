// SPDX-License-Identifier: MIT
// A moved item looks like a temporary to the callee.
// expect-gcc12: emplace(std::move(name))
#include <rondo/core/coro.hpp>
#include <rondo/sync/queue.hpp>

#include <string>
#include <utility>

struct job {
    std::string what;
    int count;
};

rondo::coro<void> careless(rondo::queue<job>& jobs, job named) {
#ifdef RONDO_GOOD
    co_await jobs.emplace(std::move(named));
#else
    co_await jobs.put(std::move(named));
#endif
}
