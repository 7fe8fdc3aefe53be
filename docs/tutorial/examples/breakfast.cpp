// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>

using namespace std::chrono_literals;

rondo::coro<std::string> make(std::string what, std::chrono::seconds takes) {
    co_await rondo::sleep(takes);
    std::printf("%s is ready\n", what.c_str());
    co_return what;
}

// #region in_turn
rondo::coro<void> in_turn() {
    co_await make("tea", 3s);
    co_await make("toast", 2s);
}
// #endregion

// #region tasks
rondo::coro<void> side_by_side() {
    auto tea = rondo::create_task(make("tea", 3s));
    auto toast = rondo::create_task(make("toast", 2s));
    co_await tea;
    co_await toast;
}
// #endregion

// #region gather
rondo::coro<void> all_at_once() {
    auto [first, second] = co_await rondo::gather(make("tea", 3s), make("toast", 2s));
    std::printf("%s comes first in the result, %s second\n", first.c_str(), second.c_str());
}
// #endregion

// #region stopwatch
rondo::coro<void> measure(rondo::coro<void> breakfast) {
    auto start = rondo::loop_clock::now();
    co_await breakfast;
    std::chrono::duration<double> took = rondo::loop_clock::now() - start;
    std::printf("that took %.0f s\n\n", took.count());
}

int main() {
    rondo::run(measure(in_turn()));
    rondo::run(measure(side_by_side()));
    rondo::run(measure(all_at_once()));
}
// #endregion
