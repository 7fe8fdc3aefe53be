// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

// Code that swallows every cancellation and tries again.
rondo::coro<void> stubborn() {
    for (int attempt = 1; attempt <= 3; ++attempt) {
        try {
            co_await rondo::sleep(1s);
            std::printf("attempt %d: slept\n", attempt);
        } catch (const rondo::cancelled_error&) {
            std::printf("attempt %d: cancelled\n", attempt);
        }
    }
}

rondo::coro<void> main_() {
    std::puts("task.cancel()");
    auto task = rondo::create_task(stubborn());
    co_await rondo::yield_now();
    task.cancel();
    co_await task;

    std::puts("cancel_scope");
    rondo::cancel_scope scope;
    scope.cancel();
    co_await rondo::with(scope, stubborn);
}

int main() { rondo::run(main_()); }
