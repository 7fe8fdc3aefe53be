// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

rondo::coro<void> hello() {
    co_await rondo::sleep(std::chrono::seconds(0));
    std::puts("hello");
}

int main() { rondo::run(hello()); }
