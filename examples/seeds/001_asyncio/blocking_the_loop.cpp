// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <iostream>
#include <thread>

using namespace std::chrono_literals;

void hard_work() {
    std::cout << "thread id: " << std::this_thread::get_id() << '\n';
    std::this_thread::sleep_for(3s);
}

rondo::coro<void> do_async_job() {
    hard_work();  // Blocks the loop, and with it the two other tasks.
    co_await rondo::sleep(1s);
    std::cout << "job done!\n";
}

rondo::coro<void> main_() {
    auto task1 = rondo::create_task(do_async_job());
    auto task2 = rondo::create_task(do_async_job());
    auto task3 = rondo::create_task(do_async_job());
    co_await rondo::gather(task1, task2, task3);
}

int main() { rondo::run(main_()); }
