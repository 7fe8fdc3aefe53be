// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>
#include <tuple>

using namespace std::chrono_literals;

// #region mistakes
rondo::coro<int> forgotten() { co_return 1; }

rondo::coro<void> slow() {
    std::this_thread::sleep_for(200ms);
    co_return;
}

rondo::coro<void> fails() {
    throw std::runtime_error("nobody looks");
    co_return;
}

rondo::coro<void> main_() {
    std::ignore = forgotten();
    co_await rondo::create_task(slow(), {.name = "slow one"});
    std::ignore = rondo::create_task(fails(), {.name = "failing one"});
    co_await rondo::sleep(1s);
}

int main() { rondo::run(main_(), {.debug = true}); }
// #endregion
