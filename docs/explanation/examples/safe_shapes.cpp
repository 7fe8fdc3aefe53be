// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

struct order {
    std::string dish;
    int count = 1;
};

rondo::coro<int> serve(order o) { co_return o.count; }

rondo::coro<void> main_(std::string table) {
    // A lambda that owns something gets a name before it meets a co_await …
    auto body = [table]() -> rondo::coro<void> {
        std::printf("%s\n", table.c_str());
        co_return;
    };
    co_await rondo::move_on_after(1s, body);

    // … or captures by reference …
    co_await rondo::move_on_after(1s, [&]() -> rondo::coro<void> {
        std::printf("%s\n", table.c_str());
        co_return;
    });

    // … or is given to a call that is not awaited, which keeps it.
    auto task = rondo::create_task([table]() -> rondo::coro<void> {
        std::printf("%s\n", table.c_str());
        co_return;
    });
    co_await task;

    // So does an aggregate that owns something.
    order o{.dish = "soup", .count = 2};
    int served = co_await serve(std::move(o));

    switch (served) {  // The await stands before the switch, not in it.
        case 2:
            std::puts("two soups");
            break;
        default:
            std::puts("something else");
    }
}

int main() { rondo::run(main_("table 7")); }
