// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <tuple>
#include <utility>

rondo::coro<void> echo_client(rondo::socket client) {
    std::printf("Connection from %s\n", client.getpeername().to_string().c_str());
    while (true) {
        auto data = co_await client.recv(100'000);
        if (data.empty()) {
            break;
        }
        co_await client.sendall(data);
    }
    std::puts("Connection closed");
}

rondo::coro<void> echo_server(rondo::address address) {
    auto sock = rondo::socket::tcp();
    sock.set_option(rondo::socket_option::reuse_address, 1);
    sock.bind(address);
    sock.listen(5);
    std::printf("Try it: nc localhost %d\n", sock.getsockname().port());
    std::fflush(stdout);
    while (true) {
        auto client = co_await sock.accept();
        std::ignore = rondo::create_task(echo_client, std::move(client));
    }
}

int main(int argc, char** argv) {
    auto port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 25000);
    try {
        rondo::run(echo_server(rondo::address("127.0.0.1", port)));
    } catch (const rondo::keyboard_interrupt&) {
        std::puts("Goodbye.");
    }
}
