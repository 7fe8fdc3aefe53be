// SPDX-License-Identifier: MIT
// tcp_proxy PORT HOST HOST_PORT: listens at PORT of this machine, and passes everything on.
#include "tcp_proxy.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

using namespace std::chrono_literals;

rondo::coro<void> main_(std::uint16_t port, std::string host, std::uint16_t host_port) {
    tcp_proxy proxy(std::move(host), host_port);
    auto server = co_await rondo::start_server(
        [&proxy](rondo::stream s) { return proxy.serve(std::move(s)); }, "localhost", port);
    std::printf("listening at port %d\n", server.port());
    std::fflush(stdout);
    co_await rondo::finally_(server.serve_forever(), [&] { return server.shutdown(1s); });
}

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fputs("usage: tcp_proxy PORT HOST HOST_PORT\n", stderr);
        return 2;
    }
    const auto port = [](const char* text) { return static_cast<std::uint16_t>(std::atoi(text)); };
    try {
        rondo::run(main_(port(argv[1]), argv[2], port(argv[3])));
    } catch (const rondo::keyboard_interrupt&) {
        std::puts("closed");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "tcp_proxy: %s\n", error.what());
        return 1;
    }
}
