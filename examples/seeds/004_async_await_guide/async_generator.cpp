// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <cstdio>
#include <random>
#include <vector>

struct potato {
    int number;
};

std::vector<potato> make_potatoes(unsigned count) {
    static int made = 0;
    std::vector<potato> potatoes;
    for (unsigned i = 0; i < count; ++i) {
        potatoes.push_back(potato{++made});
    }
    return potatoes;
}

std::vector<potato> all_potatoes = make_potatoes(5);
std::mt19937 random_number;

rondo::coro<void> ask_for_potatoes() {
    co_await rondo::sleep(std::chrono::milliseconds(random_number() % 1000));
    auto more = make_potatoes(random_number() % 10 + 1);
    all_potatoes.insert(all_potatoes.end(), more.begin(), more.end());
}

rondo::async_generator<potato> take_potatoes(int num) {
    for (int count = 0; count < num; ++count) {
        if (all_potatoes.empty()) {
            co_await ask_for_potatoes();
        }
        potato taken = all_potatoes.back();
        all_potatoes.pop_back();
        co_yield taken;
    }
}

rondo::coro<void> buy_potatoes() {
    std::vector<potato> bucket;
    auto potatoes = take_potatoes(50);
    while (auto p = co_await potatoes.next()) {
        bucket.push_back(*p);
        std::printf("Got potato %d...\n", p->number);
    }
}

int main() { rondo::run(buy_potatoes()); }
