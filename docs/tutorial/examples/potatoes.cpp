// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

// #region generator
rondo::async_generator<int> potatoes(int wanted) {
    int on_the_shelf = 0;
    for (int number = 1; number <= wanted; ++number) {
        if (on_the_shelf == 0) {
            std::puts("(the shelf is empty)");
            co_await rondo::sleep(1s);  // Others run while we wait for the next cart.
            on_the_shelf = 3;
        }
        --on_the_shelf;
        co_yield number;
    }
}

rondo::coro<void> buy() {
    auto shop = potatoes(5);
    while (auto potato = co_await shop.next()) {
        std::printf("potato %d\n", *potato);
    }
}
// #endregion

// #region adaptors
rondo::coro<bool> is_good(int potato) {
    co_await rondo::sleep(10ms);  // Looking takes its time too.
    co_return potato % 2 == 1;
}

rondo::coro<void> choose() {
    auto chosen = potatoes(100) | rondo::filter(is_good) | rondo::take(4);
    for (int potato : co_await rondo::collect(std::move(chosen))) {
        std::printf("%d ", potato);
    }
    std::puts("are good");
}
// #endregion

int main() {
    rondo::run(buy());
    rondo::run(choose());
}
