// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>

rondo::coro<void> with_run() {
    std::puts("hello");
    co_return;
}

rondo::coro<std::string> hello() { co_return "hello"; }

rondo::coro<void> with_await() {
    auto coro = hello();
    auto h = co_await coro;
    std::puts(h.c_str());
}

rondo::coro<std::string> hello_task() {
    std::puts("async function called");
    co_return "hello";
}

rondo::coro<void> with_create_task() {
    auto t = rondo::create_task(hello_task());
    auto h = co_await t;
    std::puts(h.c_str());
}

int main() {
    rondo::run(with_run());
    rondo::run(with_await());
    rondo::run(with_create_task());
}
