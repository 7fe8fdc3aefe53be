// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <exception>

using namespace std::chrono_literals;

struct game_context {
    rondo::coro<void> aenter() {
        std::puts("game loading...");
        co_await rondo::sleep(1s);
    }

    rondo::coro<bool> aexit(std::exception_ptr) {
        std::puts("game exit...");
        co_await rondo::sleep(1s);
        co_return false;
    }
};

rondo::coro<void> game() {
    co_await rondo::with(game_context(), []() -> rondo::coro<void> {
        std::puts("game start...");
        co_await rondo::sleep(2s);
    });
}

int main() { rondo::run(game()); }
