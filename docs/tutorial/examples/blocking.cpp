// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <thread>

using namespace std::chrono_literals;

// #region work
void press_olives() { std::this_thread::sleep_for(3s); }

rondo::coro<void> in_the_loop() {
    press_olives();  // The loop stands still meanwhile, and everybody with it.
    co_return;
}

rondo::coro<void> in_a_thread() { co_await rondo::to_thread(press_olives); }
// #endregion

rondo::coro<void> ask(bool& done) {
    for (int second = 1; !done; ++second) {
        co_await rondo::sleep(1s);
        std::printf("second %d: are you there?\n", second);
    }
}

rondo::coro<void> main_() {
    for (auto work : {in_the_loop, in_a_thread}) {
        bool done = false;
        auto asking = rondo::create_task(ask(done));
        co_await rondo::yield_now();
        co_await work();
        done = true;
        std::puts("the olives are pressed");
        asking.cancel();
        co_await rondo::as_outcome(asking);
    }
}

int main() { rondo::run(main_()); }
