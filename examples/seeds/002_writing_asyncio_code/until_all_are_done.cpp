// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <cstdio>
#include <vector>

using namespace std::chrono_literals;

rondo::coro<void> call_api() {
    std::puts("Hello");
    co_await rondo::sleep(3s);
    std::puts("World");
}

rondo::coro<void> main_() {
    auto start = rondo::loop_clock::now();

    std::vector tasks{rondo::create_task(call_api()), rondo::create_task(call_api())};
    while (true) {
        std::erase_if(tasks, [](const auto& t) { return t.done(); });
        if (tasks.empty()) {
            std::chrono::duration<double> took = rondo::loop_clock::now() - start;
            std::printf("It took %f second(s) to complete.\n", took.count());
            co_return;
        }
        co_await tasks[0];
    }
}

int main() { rondo::run(main_()); }
