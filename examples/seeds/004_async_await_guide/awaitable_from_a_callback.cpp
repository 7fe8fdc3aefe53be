// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

// An awaitable without a coroutine: a timer's callback resolves it.
auto compute(int x, int y) {
    return rondo::suspend<int>([x, y](rondo::resolver<int> result) {
        std::printf("Compute %d + %d ...\n", x, y);
        auto timer = rondo::get_running_loop().call_later(
            1s, [result, x, y]() mutable { result.resolve(x + y); });
        return [timer]() mutable { timer.cancel(); };  // Called if the waiting task is cancelled.
    });
}

rondo::coro<void> print_sum(int x, int y) {
    int result = co_await compute(x, y);
    std::printf("%d + %d = %d\n", x, y, result);
}

int main() { rondo::run(print_sum(1, 2)); }
