// SPDX-License-Identifier: MIT
// GCC before 14 destroys a temporary aggregate in a co_await expression twice.
// expect-gcc12: write emplace(parts...), which makes the item inside
#include <rondo/core/coro.hpp>
#include <rondo/sync/channel.hpp>

#include <string>

struct job {
    std::string what;
    int count;
};

rondo::coro<void> careless(rondo::sender<job>& to) {
#ifdef RONDO_GOOD
    co_await to.send({"wash", 3});
#else
    co_await to.send({.what = "wash", .count = 3});
#endif
}
