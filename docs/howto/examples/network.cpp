// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>

#include <cstdio>
#include <string>

using namespace std::chrono_literals;
namespace sim = rondo::testing;

// #region program
// The program under test: it knows nothing of the simulation.
rondo::coro<void> answer(rondo::stream client) {
    for (auto line = co_await client.readline(); !line.empty(); line = co_await client.readline()) {
        client.write("you said " + line);
        co_await client.drain();
    }
}

rondo::coro<void> serve() {
    auto server = co_await rondo::start_server(answer, "", 7000);
    co_await server.serve_forever();
}

rondo::coro<std::string> ask(std::string question) {
    try {
        auto s = co_await rondo::open_connection("shop", 7000);
        s.write(question + "\n");
        co_return co_await rondo::wait_for(s.readline(), 5s);
    } catch (const rondo::timeout_error&) {
        co_return "no answer within five seconds\n";
    }
}
// #endregion

// #region test
rondo::coro<void> customer() {
    std::printf("%s", (co_await ask("hello")).c_str());

    // The wire is cut while the second question is on its way.
    sim::network& net = sim::running_network();
    rondo::event_loop& loop = rondo::get_running_loop();
    auto cut = loop.call_later(50ms, [&] { net.partition("shop", "customer"); });
    std::printf("%s", (co_await ask("are you there?")).c_str());

    net.heal();
    std::printf("%s", (co_await ask("hello again")).c_str());
}

rondo::coro<void> test() {
    auto shop = rondo::create_task(sim::at_host("shop", serve()));
    co_await sim::wait_all_tasks_blocked();  // The shop is open now.
    co_await sim::at_host("customer", customer());
    shop.cancel();
}

int main() { sim::run(test(), {.seed = 1, .network = sim::network_link{.latency = 20ms}}); }
// #endregion
