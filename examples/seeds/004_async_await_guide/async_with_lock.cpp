// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<void> worker(rondo::lock& lock, int number) {
    auto guard = co_await lock.scoped();
    std::printf("worker %d has the lock\n", number);
    co_await rondo::sleep(1s);
    std::printf("worker %d gives it back\n", number);
}

rondo::coro<void> main_() {
    rondo::lock lock;
    co_await rondo::gather(worker(lock, 1), worker(lock, 2));
}

int main() { rondo::run(main_()); }
