// SPDX-License-Identifier: MIT
// clock: real
#include <rondo/rondo.hpp>

#include <iostream>
#include <map>
#include <string>
#include <thread>

// #region submit
rondo::coro<int> length(std::string word) { co_return static_cast<int>(word.size()); }

// In the loop of one thread; `other` is that of another.
rondo::coro<int> ask(rondo::event_loop& other) {
    co_return co_await rondo::submit_to(other, length, std::string("asynchronous"));
}
// #endregion

// #region sharded
using counts = std::map<std::string, int>;

rondo::coro<int> count_everywhere(rondo::sharded<counts>& all, rondo::loop_place here,
                                  std::string word) {
    // Runs in each loop in turn, with the map that belongs to it.
    const auto look_up = [&word](counts& theirs) { return theirs[word]; };
    int sum = 0;
    for (int n : co_await all.map(here, look_up)) {
        sum += n;
    }
    co_return sum;
}
// #endregion

// #region queue
rondo::threadsafe_queue<std::string> lines(100);

void read_in_a_thread() {  // Any thread, with or without a loop.
    lines.put_nowait("first");
    lines.put_nowait("second");
    lines.shutdown();
}

rondo::coro<void> print_in_a_loop() {
    try {
        for (;;) {
            std::cout << co_await lines.get() << '\n';
        }
    } catch (const rondo::queue_shut_down&) {
    }
}
// #endregion

int main() {
    std::thread reader(read_in_a_thread);
    rondo::run(print_in_a_loop());
    reader.join();
    rondo::sharded<counts> all(2);
    // #region run
    rondo::run_on_loops(2, [&](const rondo::loop_place& here) -> rondo::coro<void> {
        all.emplace(here)["word"] = 20 + static_cast<int>(here.index());
        if (here.index() == 1) {
            co_await rondo::sleep(std::chrono::milliseconds(100));  // it serves the other loop
            co_return;
        }
        co_await rondo::sleep(std::chrono::milliseconds(20));
        std::cout << "length: " << co_await ask(here.loop(1)) << '\n';
        std::cout << "count: " << co_await count_everywhere(all, here, "word") << '\n';
    });
    // #endregion
}
