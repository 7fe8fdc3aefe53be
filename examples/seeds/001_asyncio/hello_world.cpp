// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<void> coro() {
    std::puts("hello");
    co_await rondo::sleep(1s);
    std::puts("world");
}

int main() { rondo::run(coro()); }
