// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/run.hpp>

#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<int> slow_answer() {
    co_await rondo::sleep(24h);
    co_return 42;
}

rondo::coro<void> wait_for_nobody() { co_await rondo::future<void>(); }

int main() {
    std::printf("%d, after a day that took no time\n", rondo::testing::run(slow_answer()));

    try {
        rondo::testing::run(wait_for_nobody());
    } catch (const rondo::testing::deadlock_error&) {
        std::puts("nothing could ever wake that one");
    }

    int places = rondo::testing::cancel_sweep([]() -> rondo::coro<void> {
        rondo::lock door;
        auto mine = co_await door.scoped();
        co_await rondo::sleep(1s);
        co_await rondo::sleep(1s);
    });
    std::puts(places > 0 ? "cancelled at each await in turn, and nothing was left over" : "");
}
