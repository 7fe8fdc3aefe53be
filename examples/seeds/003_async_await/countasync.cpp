// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<void> count() {
    std::puts("One");
    co_await rondo::sleep(1s);
    std::puts("Two");
}

rondo::coro<void> main_() {
    auto s = rondo::loop_clock::now();
    co_await rondo::gather(count(), count(), count());
    std::chrono::duration<double> elapsed = rondo::loop_clock::now() - s;
    std::printf("countasync.cpp executed in %0.2f seconds.\n", elapsed.count());
}

int main() { rondo::run(main_()); }
