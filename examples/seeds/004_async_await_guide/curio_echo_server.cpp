// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

rondo::coro<void> echo_client(rondo::stream client) {
    std::puts("Connection opened");
    while (true) {
        auto data = co_await client.read(100'000);
        if (data.empty()) {
            break;
        }
        client.write(data);
        co_await client.drain();
    }
    std::puts("Connection closed");
}

rondo::coro<void> echo_server(std::uint16_t port) {
    auto server = co_await rondo::start_server(echo_client, "localhost", port);
    std::printf("Try it: nc localhost %d\n", server.port());
    std::fflush(stdout);
    co_await server.serve_forever();
}

int main(int argc, char** argv) {
    try {
        rondo::run(echo_server(static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 25000)));
    } catch (const rondo::keyboard_interrupt&) {
        std::puts("Goodbye.");
    }
}
