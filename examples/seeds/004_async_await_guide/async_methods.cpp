// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

class three_two_one {
public:
    // Like every coroutine, a method refers to its object until it has finished.
    rondo::coro<void> begin() {
        for (; count_ > 0; --count_) {
            std::printf("%d\n", count_);
            co_await rondo::sleep(1s);
        }
    }

    static rondo::coro<void> game() {
        three_two_one t;
        co_await t.begin();
        std::puts("start");
    }

private:
    int count_ = 3;
};

int main() { rondo::run(three_two_one::game()); }
