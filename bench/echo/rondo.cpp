// SPDX-License-Identifier: MIT

// echo_rondo [spin]
//
// The echo server as one writes it with rondo; RONDO_DRIVER says over what.
#include <rondo/rondo.hpp>

#include <cstdio>
#include <system_error>

namespace {

rondo::coro<void> echo(rondo::stream client) {
    try {
        for (;;) {
            const std::string data = co_await client.read(64 * 1024);
            if (data.empty()) {
                co_return;
            }
            client.write(data);
            co_await client.drain();
        }
    } catch (const std::system_error&) {  // the client is gone
    }
}

rondo::coro<void> main_() {
    auto server = co_await rondo::start_server(echo, "127.0.0.1", 0, {.backlog = 4096});
    std::printf("%d\n", server.port());
    std::fflush(stdout);
    co_await server.serve_forever();
}

}  // namespace

int main(int count, char**) {
    rondo::run_options options;
    if (count > 1) {
        options.spin = std::chrono::microseconds(50);
    }
    rondo::run(main_(), options);
}
