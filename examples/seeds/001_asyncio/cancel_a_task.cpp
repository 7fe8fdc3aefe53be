// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

// Prints "after sleep" however the coroutine ends: C++'s `finally`.
struct after_sleep {
    ~after_sleep() { std::puts("cancel_me(): after sleep"); }
};

rondo::coro<void> cancel_me() {
    after_sleep finally;
    std::puts("cancel_me(): sleep");
    try {
        co_await rondo::sleep(1h);
    } catch (const rondo::cancelled_error&) {
        std::puts("cancel_me(): cancel sleep");
        throw;
    }
}

rondo::coro<void> main_() {
    std::puts("main(): running");
    auto task = rondo::create_task(cancel_me());

    std::puts("main(): sleep");
    co_await rondo::sleep(5s);

    std::puts("main(): call cancel");
    task.cancel();
    try {
        co_await task;
    } catch (const rondo::cancelled_error&) {
        std::puts("main(): cancel_me is cancelled now");
    }
}

int main() { rondo::run(main_()); }
