// SPDX-License-Identifier: MIT
// Serves a chat until Ctrl-C. In two terminals: nc localhost 7000
#include "chat_server.hpp"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>

using namespace std::chrono_literals;

rondo::coro<void> main_(std::uint16_t port) {
    chat_server chat;
    auto server = co_await rondo::start_server(
        [&chat](rondo::stream s) { return chat.serve(std::move(s)); }, "localhost", port);
    std::printf("chatting at port %d\n", server.port());
    std::fflush(stdout);
    // After Ctrl-C the sessions have a second to end, before the chat that they refer to goes.
    co_await rondo::finally_(server.serve_forever(), [&] { return server.shutdown(1s); });
}

int main(int argc, char** argv) {
    try {
        rondo::run(main_(static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 7000)));
    } catch (const rondo::keyboard_interrupt&) {
        std::puts("closed");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "chat_server: %s\n", error.what());
        return 1;
    }
}
