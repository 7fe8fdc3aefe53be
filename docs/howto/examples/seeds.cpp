// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>

#include <cstdio>
#include <string>

using namespace std::chrono_literals;
namespace sim = rondo::testing;

// #region all
rondo::coro<void> echo(rondo::stream s) {
    for (auto data = co_await s.read(100); !data.empty(); data = co_await s.read(100)) {
        s.write(data);
        co_await s.drain();
    }
}

// Wrong: read(n) gives what has come, which need not be everything.
rondo::coro<bool> greeting_comes_back() {
    auto server = co_await rondo::start_server(echo, "localhost", 0);
    auto s = co_await rondo::open_connection("localhost", server.port());
    s.write("good morning");
    co_return co_await s.read(100) == "good morning";
}

int main() {
    const sim::network_link rough{.jitter = 50ms, .segment = 8, .losses = 0.1, .shorts = 0.1};
    int wrong = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        wrong += sim::run(greeting_comes_back(), {.seed = seed, .network = rough}) ? 0 : 1;
    }
    std::puts(wrong > 0 ? "on the real network that would have been one run in a thousand" : "?");
}
// #endregion
