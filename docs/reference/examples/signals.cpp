// SPDX-License-Identifier: MIT
// clock: real
#include <rondo/rondo.hpp>

#include <cstdio>

rondo::coro<void> serve() {
    // #region signals
    auto s = rondo::signals({SIGTERM, SIGHUP});
    std::raise(SIGHUP);  // as `kill -HUP` would
    while (auto signal = co_await s.next()) {
        if (*signal == SIGTERM) {
            std::puts("going down");
            break;
        }
        std::puts("reloading");
        std::raise(SIGTERM);
    }
    // #endregion
}

rondo::coro<void> count() {
    // #region handler
    int seen = 0;
    rondo::event twice;
    rondo::add_signal_handler(SIGUSR1, [&] {
        if (++seen == 2) {
            twice.set();
        } else {
            std::raise(SIGUSR1);
        }
    });
    std::raise(SIGUSR1);
    co_await twice.wait();
    rondo::remove_signal_handler(SIGUSR1);
    std::printf("seen %d times\n", seen);
    // #endregion
}

int main() {
    rondo::run(serve());
    rondo::run(count());
}
