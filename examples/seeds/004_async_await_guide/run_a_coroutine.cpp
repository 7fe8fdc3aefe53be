// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

// Drives a coroutine that never waits, without a loop.
template <class T>
T run(rondo::coro<T> coroutine) {
    coroutine.send();
    return coroutine.result();
}

rondo::coro<int> async_function() { co_return 1; }

rondo::coro<void> await_coroutine() {
    int result = co_await async_function();
    std::printf("%d\n", result);
}

int main() { ::run(await_coroutine()); }
