// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

namespace {

rondo::coro<int> twice(int n) {
    co_await rondo::sleep(std::chrono::milliseconds(1));
    co_return 2 * n;
}

rondo::coro<int> both() {
    auto [a, b] = co_await rondo::gather(twice(3), twice(4));
    co_return a + b;
}

}  // namespace

int main() { return rondo::run(both()) == 14 ? 0 : 1; }
