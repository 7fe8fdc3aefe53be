// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

rondo::coro<void> schedule() {
    auto& loop = rondo::get_running_loop();
    loop.call_later(2s, [] { std::puts("two seconds later"); });
    auto never = loop.call_later(1s, [] { std::puts("never"); });
    loop.call_soon([never]() mutable {
        std::puts("soon");
        never.cancel();
    });
    std::puts("now");
    co_await rondo::sleep(3s);
}

rondo::coro<int> answer() { co_return 42; }

int main() {
    rondo::runner both;  // One loop for several runs.
    both.run(schedule());
    std::printf("%d\n", both.run(answer()));
}
