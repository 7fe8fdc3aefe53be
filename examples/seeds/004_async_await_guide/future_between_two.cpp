// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>
#include <vector>

using namespace std::chrono_literals;

rondo::future<std::string> future;

rondo::coro<void> coro1() {
    co_await rondo::sleep(1s);
    future.set_result("data");
}

rondo::coro<void> coro2() { std::puts((co_await future).c_str()); }

rondo::coro<void> main_() {
    std::vector tasks{rondo::create_task(coro1()), rondo::create_task(coro2())};
    co_await rondo::wait(tasks);
}

int main() { rondo::run(main_()); }
