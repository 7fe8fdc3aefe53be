// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <stdexcept>
#include <vector>

using namespace std::chrono_literals;

rondo::coro<void> fill(std::vector<int>& numbers) {  // It refers to the caller's frame.
    for (int i = 0;; ++i) {
        numbers.push_back(i);
        co_await rondo::sleep(1s);
    }
}

rondo::coro<void> fail() {
    co_await rondo::sleep(2500ms);
    throw std::runtime_error("enough");
}

rondo::coro<void> collect() {
    std::vector<int> numbers;
    try {
        co_await rondo::gather(fill(numbers), fail());
    } catch (const std::runtime_error&) {
        std::printf("%zu numbers, and nobody adds to them any more\n", numbers.size());
    }
}

int main() { rondo::run(collect()); }
