// SPDX-License-Identifier: MIT
// clock: real
#include <rondo/rondo.hpp>

#include <cstdio>
#include <thread>

using namespace std::chrono_literals;

// #region work
void press_olives() { std::this_thread::sleep_for(100ms); }

rondo::coro<void> in_the_loop() {
    press_olives();  // The loop stands still meanwhile, and everybody with it.
    co_return;
}

rondo::coro<void> in_a_thread() { co_await rondo::to_thread(press_olives); }
// #endregion

rondo::coro<void> guest(int& questions) {
    while (true) {
        co_await rondo::sleep(5ms);
        ++questions;
    }
}

rondo::coro<void> press_while_a_guest_asks(rondo::coro<void> press) {
    int questions = 0;
    co_await rondo::race(std::move(press), guest(questions));
    std::printf("%s\n", questions == 0 ? "nobody could ask anything" : "the guest asked away");
}

int main() {
    rondo::run(press_while_a_guest_asks(in_the_loop()));
    rondo::run(press_while_a_guest_asks(in_a_thread()));
}
