// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <iostream>
#include <sstream>
#include <thread>

using namespace std::chrono_literals;

void hard_work() {
    std::ostringstream line;  // One write, so that the threads' lines do not mix.
    line << "thread id: " << std::this_thread::get_id() << '\n';
    std::cout << line.str();
    std::this_thread::sleep_for(3s);
}

rondo::coro<void> do_async_job() {
    co_await rondo::to_thread(hard_work);  // The loop stays free.
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
