// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<void> myfunc() {
    co_await rondo::sleep(1s);
    std::puts("hello");
}

int main() { rondo::run(myfunc()); }
