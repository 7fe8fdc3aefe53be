// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>

#include <cstdio>
#include <string>

namespace sim = rondo::testing;

// #region program
// The program under test: a length in a line of its own, then so many bytes.
rondo::coro<std::string> read_message(rondo::stream& from) {
    const std::string size = co_await from.readline();
    co_return co_await from.readexactly(std::stoul(size));
}
// #endregion

// #region test
rondo::coro<void> test() {
    auto [ours, theirs] = sim::memory_stream_pair();
    theirs.write("5\nhe");
    auto reading = rondo::create_task(read_message(ours));
    co_await sim::wait_all_tasks_blocked();
    std::printf("half of it: %s\n", reading.done() ? "done" : "waits for more");
    theirs.write("llo");
    std::printf("all of it: %s\n", (co_await reading).c_str());
}

int main() { sim::run(test()); }
// #endregion
