// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <tuple>

using namespace std::chrono_literals;

rondo::coro<void> no_wait() { co_return; }

rondo::coro<void> main_() {
    auto& loop = rondo::get_running_loop();
    std::ignore = loop.call_later(1s, [] { std::puts("5 first timer"); });
    std::ignore = loop.call_later(1s, [] { std::puts("6 second timer"); });
    auto task = rondo::create_task([]() -> rondo::coro<void> {
        std::puts("3 task");
        co_return;
    });
    loop.call_soon([] { std::puts("4 callback"); });

    std::puts("1 main");
    co_await no_wait();  // Nothing has to wait here, so nobody else gets a turn.
    std::puts("2 still main");
    co_await task;
    co_await rondo::sleep(1s);
    std::puts("7 main again");
}

int main() { rondo::run(main_()); }
