// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <exception>

using namespace std::chrono_literals;

// #region manager
struct stage {
    rondo::coro<void> aenter() {
        co_await rondo::sleep(1s);
        std::puts("the curtain rises");
    }
    rondo::coro<bool> aexit(std::exception_ptr) {
        co_await rondo::sleep(1s);
        std::puts("the curtain falls");
        co_return false;  // An error of the body goes on its way.
    }
};

rondo::coro<void> play() {
    co_await rondo::with(stage(), []() -> rondo::coro<void> {
        std::puts("to be or not to be");
        co_await rondo::sleep(2s);
    });
}
// #endregion

// #region coroutine
rondo::context_manager<int> borrowed_skull() {
    co_await rondo::sleep(1s);
    int skull = 23;
    co_yield skull;
    co_await rondo::sleep(1s);
    std::puts("the skull is back in its grave");
}

rondo::coro<void> graveyard() {
    co_await rondo::with(borrowed_skull(), [](int& skull) -> rondo::coro<void> {
        std::printf("alas, poor Yorick, buried %d years\n", skull);
        co_return;
    });
}
// #endregion

int main() {
    rondo::run(play());
    rondo::run(graveyard());
}
