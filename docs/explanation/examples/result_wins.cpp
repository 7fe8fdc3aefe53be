// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<void> consumer(rondo::queue<int>& numbers) {
    std::printf("got %d\n", co_await numbers.get());
    std::printf("got %d\n", co_await numbers.get());
}

rondo::coro<void> main_() {
    rondo::queue<int> numbers;
    auto task = rondo::create_task(consumer(numbers));
    co_await rondo::yield_now();  // Now it waits for its first number.
    numbers.put_nowait(1);
    task.cancel();  // Too late for that one: it has been handed over.
    auto end = co_await rondo::as_outcome(task);
    std::puts(end.has_value() ? "finished" : "cancelled at the second get()");
}

int main() { rondo::run(main_()); }
