// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<void> bake(rondo::lock& oven, const char* cake) {
    auto mine = co_await oven.scoped();
    std::printf("%s goes in\n", cake);
    co_await rondo::sleep(30min);
    std::printf("%s comes out\n", cake);
}

rondo::coro<void> main_() {
    rondo::lock oven;
    co_await rondo::gather(bake(oven, "cheesecake"), bake(oven, "apple pie"));
}

int main() { rondo::run(main_()); }
