// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<void> call_api() {
    std::puts("Hello");
    co_await rondo::sleep(3s);
    std::puts("World");
}

rondo::coro<void> main_() {
    auto start = rondo::loop_clock::now();
    co_await rondo::gather(call_api(), call_api());
    std::chrono::duration<double> took = rondo::loop_clock::now() - start;
    std::printf("It took %f second(s) to complete.\n", took.count());
}

int main() { rondo::run(main_()); }
