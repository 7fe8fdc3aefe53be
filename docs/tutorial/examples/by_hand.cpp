// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

rondo::coro<int> add(int a, int b) { co_return a + b; }
rondo::coro<int> add_three(int a, int b, int c) { co_return co_await add(co_await add(a, b), c); }

int main() {
    auto sum = add_three(1, 2, 3);
    bool goes_on = sum.send();
    std::printf("%s: %d\n", goes_on ? "suspended" : "finished", sum.result());
}
