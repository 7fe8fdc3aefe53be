// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <iomanip>
#include <iostream>
#include <random>
#include <thread>

using namespace std::chrono_literals;

void print_time_and_thread() {
    auto now = std::chrono::system_clock::now();
    auto seconds = std::chrono::system_clock::to_time_t(now);
    auto us = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
    std::cout << std::put_time(std::localtime(&seconds), "%FT%T") << '.' << std::setfill('0')
              << std::setw(6) << us.count() % 1'000'000 << " thread id "
              << std::this_thread::get_id() << '\n';
}

rondo::coro<unsigned> do_async_job() {
    static std::mt19937 random;
    co_await rondo::sleep(2s);
    print_time_and_thread();
    co_return random() % 10 + 1;
}

rondo::coro<void> main_() {
    auto [a, b, c] = co_await rondo::gather(do_async_job(), do_async_job(), do_async_job());
    for (unsigned v : {a, b, c}) {
        std::cout << "result => " << v << '\n';
    }
}

int main() { rondo::run(main_()); }
