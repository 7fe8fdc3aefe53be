// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

void block_dosomething(int i) {
    std::printf("第 %d 次開始\n", i);
    std::this_thread::sleep_for(1s);  // Blocks here.
    std::printf("第 %d 次結束\n", i);
}

// 5 seconds: each call blocks for one.
void block_main() {
    for (int i = 1; i <= 5; ++i) {
        block_dosomething(i);
    }
}

rondo::coro<void> dosomething(int i) {
    std::printf("第 %d 次開始\n", i);
    co_await rondo::sleep(1s);
    std::printf("第 %d 次結束\n", i);
}

// 1 second: a job that sleeps lets the next one run, so the waiting overlaps.
rondo::coro<void> async_main() {
    std::vector<rondo::task<void>> tasks;
    for (int i = 1; i <= 5; ++i) {
        tasks.push_back(rondo::create_task(dosomething(i)));
    }
    co_await rondo::wait(tasks);
}

rondo::coro<void> main_() {
    auto start = rondo::loop_clock::now();
    block_main();
    std::chrono::duration<double> block_time = rondo::loop_clock::now() - start;
    std::printf("block time: %.2f (s)\n", block_time.count());

    start = rondo::loop_clock::now();
    co_await async_main();
    std::chrono::duration<double> async_time = rondo::loop_clock::now() - start;
    std::printf("async time: %.2f (s)\n", async_time.count());
}

int main() { rondo::run(main_()); }
