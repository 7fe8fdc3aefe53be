// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <stdexcept>
#include <utility>

// A leaf: what a sensor reports by a callback, made awaitable.
auto read_sensor(int& subscribed) {
    return rondo::suspend<int>([&subscribed](rondo::resolver<int> answer) {
        ++subscribed;
        rondo::get_running_loop().call_soon([answer] { answer.resolve(21); });
    });
}

rondo::coro<int> twice(int& subscribed) { co_return 2 * co_await read_sensor(subscribed); }

rondo::coro<void> main_() {
    int subscribed = 0;
    rondo::coro<int> reading = twice(subscribed);
    std::printf("created, not begun: %d\n", reading.state() == rondo::coro_state::created);
    std::printf("%d, after %d call\n", co_await reading, subscribed);
    try {
        co_await reading;
    } catch (const std::runtime_error& e) {
        std::puts(e.what());
    }
}

int main() { rondo::run(main_()); }
