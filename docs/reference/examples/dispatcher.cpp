// SPDX-License-Identifier: MIT
// clock: real
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>
#include <vector>

using namespace std::chrono_literals;

// #region talk
rondo::coro<void> talk(rondo::stream client) {
    for (auto line = co_await client.readline(); !line.empty(); line = co_await client.readline()) {
        client.write("you said " + line);
        co_await client.drain();
    }
}
// #endregion

// #region visit
rondo::coro<void> visit(const rondo::dispatcher& all) {
    std::vector<rondo::stream> clients;
    for (int i = 0; i < 6; ++i) {
        clients.push_back(co_await rondo::open_connection("127.0.0.1", all.port()));
        clients.back().write("hello\n");
        co_await clients.back().readline();
    }
    for (std::size_t loop = 0; loop < 3; ++loop) {
        std::printf("loop %zu has %zu connections\n", loop, all.connections_of(loop));
    }
}
// #endregion

int main() {
    // #region run
    rondo::threadsafe_event over;
    rondo::run_on_loops(3, [&](const rondo::loop_place& here) -> rondo::coro<void> {
        if (here.index() > 0) {
            co_await over.wait();  // and serves meanwhile
            co_return;
        }
        auto all = co_await rondo::start_dispatcher(here, talk, "127.0.0.1", 0);
        co_await visit(all);
        bool in_time = co_await all.shutdown(5s);
        std::puts(in_time ? "all handlers have ended" : "some had to be cancelled");
        over.set();
    });
    // #endregion
}
