// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <tuple>

#include <unistd.h>

using namespace std::chrono_literals;

// Stands in for the web: answers a request after a second.
rondo::coro<void> serve_page(rondo::stream client) {
    std::ignore = co_await client.readuntil("\r\n\r\n");
    co_await rondo::sleep(1s);
    client.write("HTTP/1.0 200 OK\r\n\r\nHello from the web page\n");
    co_await client.drain();
}

rondo::coro<void> flow_1(std::uint16_t port) {
    std::puts("flow 1: some operations");
    auto web = co_await rondo::open_connection("localhost", port);
    web.write("GET / HTTP/1.0\r\n\r\n");
    auto page = co_await web.read();
    std::printf("flow 1: %s", page.substr(page.find("\r\n\r\n") + 4).c_str());
    std::puts("flow 1: other operations");
}

rondo::coro<void> flow_2(std::string path) {
    std::puts("flow 2: some operations");
    auto text = co_await rondo::read_file(path);
    std::printf("flow 2: %s", text.c_str());
    std::puts("flow 2: other operations");
}

rondo::coro<void> main_(std::string path) {
    auto server = co_await rondo::start_server(serve_page, "localhost", 0);
    co_await rondo::write_file(path, "Hello from the file\n");
    co_await rondo::gather(flow_1(server.port()), flow_2(path));
}

int main() {
    auto path = std::filesystem::temp_directory_path() / ("hello" + std::to_string(::getpid()));
    rondo::run(main_(path));
    std::filesystem::remove(path);
}
