// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;

rondo::coro<void> cook(const char* dish, std::chrono::seconds takes) {
    try {
        co_await rondo::sleep(takes);
    } catch (const rondo::cancelled_error&) {
        std::printf("%s is taken off the fire\n", dish);
        throw;
    }
    if (takes == 2s) {
        throw std::runtime_error(std::string(dish) + " burns");
    }
    std::printf("%s is done\n", dish);
}

rondo::coro<void> dinner() {
    co_await rondo::with(rondo::task_group(), [](rondo::task_group& kitchen) -> rondo::coro<void> {
        kitchen.create_task(cook("soup", 1s));
        kitchen.create_task(cook("rice", 2s));
        kitchen.create_task(cook("roast", 3s));
        co_return;
    });
    std::puts("dinner is served");
}

int main() {
    try {
        rondo::run(dinner());
    } catch (const rondo::exception_group& errors) {
        std::printf("no dinner: %s\n", errors.find<std::runtime_error>()->what());
    }
}
