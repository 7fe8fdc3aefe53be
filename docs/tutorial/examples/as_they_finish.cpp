// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <vector>

using namespace std::chrono_literals;

rondo::coro<int> runner(int number, std::chrono::seconds takes) {
    co_await rondo::sleep(takes);
    co_return number;
}

rondo::coro<void> main_() {
    std::vector<rondo::task<int>> race;
    race.push_back(rondo::create_task(runner(1, 5s)));
    race.push_back(rondo::create_task(runner(2, 2s)));
    race.push_back(rondo::create_task(runner(3, 4s)));

    auto seen = co_await rondo::wait(race, {.return_when = rondo::first_completed});
    std::printf("number %d wins, %zu still run\n", seen.done[0].result(), seen.pending.size());

    seen = co_await rondo::wait(race);
    std::printf("now %zu have arrived\n", seen.done.size());
}

int main() { rondo::run(main_()); }
