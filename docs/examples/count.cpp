// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

rondo::coro<void> count(const char* name) {
    std::printf("%s: one\n", name);
    co_await rondo::sleep(std::chrono::seconds(1));
    std::printf("%s: two\n", name);
}

rondo::coro<void> main_() { co_await rondo::gather(count("a"), count("b"), count("c")); }

int main() { rondo::run(main_()); }
