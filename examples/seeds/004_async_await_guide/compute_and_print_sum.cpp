// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<int> compute(int x, int y) {
    std::printf("Compute %d + %d ...\n", x, y);
    co_await rondo::sleep(1s);
    co_return x + y;
}

rondo::coro<void> print_sum(int x, int y) {
    int result = co_await compute(x, y);
    std::printf("%d + %d = %d\n", x, y, result);
}

int main() { rondo::run(print_sum(1, 2)); }
