// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<void> count() {
    std::puts("One");
    co_await rondo::sleep(1s);
    std::puts("Two");
}

rondo::coro<void> main_() { co_await rondo::gather(count(), count(), count()); }

void print(const char* name, const rondo::coro<void>& coro) {
    std::printf("<coroutine object %s at %p>\n", name, static_cast<const void*>(&coro));
}

int main() {
    auto coro = main_();
    print("main", coro);

    auto coro_count = count();
    print("count", coro_count);
}
