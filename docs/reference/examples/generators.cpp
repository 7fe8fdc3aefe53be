// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;

// #region generator
// Yields int, is sent int, returns std::string.
rondo::generator<int, int, std::string> running_total() {
    int total = 0;
    while (true) {
        const int more = co_yield total;
        if (more == 0) {
            co_return "the total is " + std::to_string(total);
        }
        total += more;
    }
}

rondo::generator<int, int> twice() {
    for (int round = 1; round <= 2; ++round) {
        const std::string result = co_yield rondo::elements_of(running_total());
        std::printf("round %d: %s\n", round, result.c_str());
    }
}

void drive() {
    auto g = twice();
    g.next();    // to the first co_yield, which gives 0
    g.send(20);  // reaches running_total, and gives 20
    g.send(3);   // gives 23
    g.next();    // sends 0: the second round begins
    g.close();   // destroys both where they stand
}
// #endregion

// #region async
rondo::async_generator<int> measurements() {
    std::exception_ptr stopped;
    std::puts("sensor on");
    try {
        for (int value = 20;; ++value) {
            co_await rondo::sleep(1s);
            co_yield value;
        }
    } catch (...) {
        stopped = std::current_exception();  // generator_exit, or a cancellation
    }
    co_await rondo::sleep(1s);  // Clean-up that waits.
    std::puts("sensor off");
    std::rethrow_exception(stopped);
}

rondo::coro<void> watch() {
    auto sensor = measurements();
    while (auto value = co_await sensor.next()) {
        std::printf("%d degrees\n", *value);
        if (*value == 22) {
            break;
        }
    }
    co_await sensor.aclose();
}
// #endregion

// #region adaptors
rondo::coro<bool> is_even(int value) { co_return value % 2 == 0; }

rondo::coro<void> choose() {
    auto labels = measurements() | rondo::filter(is_even) |
                  rondo::transform([](int value) { return std::to_string(value) + "°"; }) |
                  rondo::take(3);
    for (const std::string& label : co_await rondo::collect(std::move(labels))) {
        std::printf("%s ", label.c_str());
    }
    std::puts("are even");
}
// #endregion

rondo::coro<void> main_() {
    drive();
    co_await watch();
    co_await choose();
}

int main() { rondo::run(main_()); }
