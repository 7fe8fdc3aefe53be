// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <utility>

using namespace std::chrono_literals;

rondo::coro<int> boil_water() {
    std::puts("the kettle is on");
    co_await rondo::sleep(3s);
    co_return 100;
}

int main() {
    rondo::coro<int> kettle = boil_water();
    std::puts("nothing has happened yet");

    int degrees = rondo::run(std::move(kettle));
    std::printf("%d degrees\n", degrees);
}
