// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <cstdio>
#include <string>

using namespace std::chrono_literals;

rondo::coro<void> say_after(std::chrono::seconds delay, std::string what) {
    co_await rondo::sleep(delay);
    std::puts(what.c_str());
}

// Awaiting coroutines one after the other saves no time: 3 seconds.
rondo::coro<void> main_coroutine() {
    co_await say_after(1s, "hello");
    co_await say_after(2s, "world");
}

// Tasks run side by side: 2 seconds.
rondo::coro<void> main_create_task() {
    auto task1 = rondo::create_task(say_after(1s, "hello"));
    auto task2 = rondo::create_task(say_after(2s, "world"));
    co_await task1;
    co_await task2;
}

rondo::coro<void> main_gather() {
    co_await rondo::gather(say_after(1s, "hello"), say_after(2s, "world"));
}

rondo::coro<void> time_elapsed(rondo::coro<void> (*func)()) {
    auto start = rondo::loop_clock::now();
    co_await func();
    std::chrono::duration<double> used = rondo::loop_clock::now() - start;
    std::printf("used: %.2f s\n", used.count());
}

int main() {
    rondo::run(time_elapsed(main_coroutine));
    rondo::run(time_elapsed(main_create_task));
    rondo::run(time_elapsed(main_gather));
}
