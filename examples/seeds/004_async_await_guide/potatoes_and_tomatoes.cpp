// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <cstdio>
#include <random>
#include <vector>

struct shelf {
    int on_it = 5;
    std::mt19937 random;
};

shelf potatoes{5, std::mt19937(1)};
shelf tomatoes{5, std::mt19937(2)};

rondo::coro<void> ask_for_more(shelf& s) {
    co_await rondo::sleep(std::chrono::milliseconds(s.random() % 1000));
    s.on_it += static_cast<int>(s.random() % 10) + 1;
}

rondo::async_generator<int> take(shelf& s, int num) {
    for (int count = 1; count <= num; ++count) {
        if (s.on_it == 0) {
            co_await ask_for_more(s);
        }
        --s.on_it;
        co_yield count;
    }
}

rondo::coro<void> buy_potatoes() {
    auto taken = take(potatoes, 50);
    while (auto p = co_await taken.next()) {
        std::printf("Got potato %d...\n", *p);
    }
}

rondo::coro<void> buy_tomatoes() {
    auto taken = take(tomatoes, 50);
    while (auto t = co_await taken.next()) {
        std::printf("Got tomato %d...\n", *t);
    }
}

rondo::coro<void> main_() {
    std::vector purchases{rondo::create_task(buy_potatoes()), rondo::create_task(buy_tomatoes())};
    co_await rondo::wait(purchases);
}

int main() { rondo::run(main_()); }
