// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <string>

using namespace std::chrono_literals;

class game_context {
public:
    rondo::coro<void> aenter() {
        std::puts("game loading...");
        co_await rondo::sleep(1s);
        started_ = rondo::loop_clock::now();
    }

    rondo::coro<bool> aexit(std::exception_ptr) {
        std::puts("game exit...");
        co_await rondo::sleep(1s);
        co_return false;
    }

    rondo::coro<double> operator()(std::string what) {
        if (what != "time") {
            co_return 0.0;
        }
        std::chrono::duration<double> played = rondo::loop_clock::now() - started_;
        co_return played.count();
    }

private:
    rondo::time_point started_;
};

rondo::coro<void> game() {
    co_await rondo::with(game_context(), [](game_context& ctx) -> rondo::coro<void> {
        std::puts("game start...");
        co_await rondo::sleep(2s);
        double played = co_await ctx("time");
        std::printf("game time: %.2f\n", played);
    });
}

int main() { rondo::run(game()); }
