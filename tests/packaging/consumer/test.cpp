// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

namespace {

rondo::coro<int> after_an_hour() {
    co_await rondo::sleep(std::chrono::hours(1));
    co_return 14;
}

}  // namespace

int main() { return rondo::testing::run(after_an_hour()) == 14 ? 0 : 1; }
