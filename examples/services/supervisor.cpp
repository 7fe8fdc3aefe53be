// SPDX-License-Identifier: MIT
// An echo server on several loops, one for each core, that is started again when it fails: a client
// who says "crash" makes it. In another terminal: nc localhost 7000. Ctrl-C ends it.
#include "supervisor.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

using namespace std::chrono_literals;

/// Serves until a client says "crash".
rondo::coro<void> echo_service(std::uint16_t port) {
    rondo::event crashed;
    auto server = co_await rondo::start_server(
        [&crashed](rondo::stream s) -> rondo::coro<void> {
            for (auto line = co_await s.readline(); !line.empty(); line = co_await s.readline()) {
                if (line == "crash\n") {
                    crashed.set();
                }
                s.write(line);
                co_await s.drain();
            }
        },
        "localhost", port, {.reuse_port = true});
    co_await rondo::finally_([&]() -> rondo::coro<void> { co_await crashed.wait(); },
                             [&] { return server.shutdown(1s); });
    throw std::runtime_error("a client said crash");
}

int main(int argc, char** argv) {
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 7000);
    const auto loops = std::max(2U, std::thread::hardware_concurrency());
    std::printf("echoing at port %d, on %u loops\n", port, loops);
    std::fflush(stdout);
    try {
        rondo::run_on_loops(loops, [port](const rondo::loop_place& here) {
            return supervise([port] { return echo_service(port); }, {},
                             [loop = here.index()](const std::exception_ptr&) {
                                 std::printf("loop %zu: the service failed, and starts again\n",
                                             loop);
                                 std::fflush(stdout);
                             });
        });
    } catch (const rondo::keyboard_interrupt&) {
        std::puts("closed");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "supervisor: given up: %s\n", error.what());
        return 1;
    }
}
