// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <tuple>

using namespace std::chrono_literals;

rondo::coro<void> guest(const char* name) {
    std::printf("%s sits down\n", name);
    co_await rondo::sleep(3s);
    std::printf("%s pays\n", name);
}

rondo::coro<void> main_() {
    std::ignore = rondo::create_task(guest("Ada"));
    std::ignore = rondo::create_task(guest("Bob"));
    std::puts("main goes first");
    co_await rondo::sleep(1s);
    std::puts("main leaves");
}

int main() { rondo::run(main_()); }
