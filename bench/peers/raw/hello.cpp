// SPDX-License-Identifier: MIT
#include "timers.hpp"

#include <cstdio>

raw::coro hello() {
    co_await raw::sleep(0);
    std::puts("hello");
    co_return 0;
}

int main() {
    const auto root = hello().spawn();
    raw::run_with_timers();
}
