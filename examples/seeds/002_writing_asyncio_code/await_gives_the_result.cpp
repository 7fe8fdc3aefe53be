// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

rondo::coro<int> add(int x, int y) { co_return x + y; }

void print(const rondo::coro<int>& coro) {
    std::printf("<coroutine object add at %p>\n", static_cast<const void*>(&coro));
}

rondo::coro<void> get_results() {
    print(add(3, 4));  // A coroutine object that nobody awaits.

    std::printf("%d\n", co_await add(3, 4));

    int res1 = co_await add(3, 4);
    int res2 = co_await add(8, 5);
    std::printf("%d %d\n", res1, res2);
}

int main() { rondo::run(get_results(), {.debug = true}); }
