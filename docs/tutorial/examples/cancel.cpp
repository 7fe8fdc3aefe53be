// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

struct door {
    door() { std::puts("the door opens"); }
    ~door() { std::puts("the door closes"); }
};

rondo::coro<void> wait_for_godot() {
    door open;
    try {
        co_await rondo::sleep(1h);
    } catch (const rondo::cancelled_error&) {
        std::puts("we are told to stop waiting");
        throw;  // Whoever cancels expects that.
    }
}

// #region main
rondo::coro<void> main_() {
    auto waiting = rondo::create_task(wait_for_godot());
    co_await rondo::sleep(5s);
    waiting.cancel();
    try {
        co_await waiting;
    } catch (const rondo::cancelled_error&) {
        std::puts("nobody came");
    }

    auto too_late = rondo::create_task(wait_for_godot());
    too_late.cancel();  // It has not begun, and now it never will.
    auto end = co_await rondo::as_outcome(too_late);
    std::puts(end.has_value() ? "finished" : "cancelled before it began");
}
// #endregion

int main() { rondo::run(main_()); }
