// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>

using namespace std::chrono_literals;

rondo::coro<int> boil_water() {
    std::puts("the kettle is on");
    co_await rondo::sleep(3s);
    co_return 100;
}

rondo::coro<std::string> make_tea() {
    int degrees = co_await boil_water();
    std::puts("the leaves are in");
    co_await rondo::sleep(2s);
    co_return "tea, brewed at " + std::to_string(degrees) + " degrees";
}

int main() { std::puts(rondo::run(make_tea()).c_str()); }
