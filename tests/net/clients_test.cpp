// SPDX-License-Identifier: MIT
#include "on_kernel.hpp"
#include "temporary_path.hpp"

#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;

namespace {

/// Programs of others on the other side of the wire.
class clients : public on_kernel {};

bool there_is(const char* program) {
    return std::filesystem::exists(std::string("/usr/bin/") + program);
}

/// What the shell command prints; fails when it takes long.
coro<std::string> output_of(std::string command, std::string input = {}) {
    process_options piped;
    piped.stdin_ = stdio::pipe;
    piped.stdout_ = stdio::pipe;
    auto p = co_await create_subprocess_shell(command, piped);
    auto out = co_await wait_for(p.communicate(std::move(input)), 20s);
    EXPECT_EQ(co_await p.wait(), 0) << command;
    co_return std::move(out.stdout_);
}

/// As much of HTTP as curl needs.
coro<void> small_http(stream client) {
    const std::string request = co_await client.readuntil("\r\n\r\n");
    const std::string path = request.substr(4, request.find(' ', 4) - 4);
    const std::string body = "you asked for " + path + "\n";
    client.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\n\r\n" + body);
    co_await client.drain();
}

}  // namespace

TEST_P(clients, nc_talks_to_an_echo_server) {
    run([]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        const std::string command = "nc -N 127.0.0.1 " + std::to_string(server.port());
        EXPECT_EQ(co_await output_of(command, "one\ntwo\n"), "one\ntwo\n");
    });
}

TEST_P(clients, nc_takes_and_gives_64_MiB) {
    run([]() -> coro<void> {
        constexpr std::size_t size = 64 * 1024 * 1024;
        std::size_t got = 0;
        const auto sink = [&got](stream client) -> coro<void> {
            std::string memory(256 * 1024, '\0');
            while (const std::size_t n = co_await client.read_into(memory)) {
                got += n;
            }
            client.write(std::to_string(got));
        };
        auto server = co_await start_server(sink, "127.0.0.1", 0);
        const std::string upload = "head -c " + std::to_string(size) +
                                   " /dev/zero | nc -N 127.0.0.1 " + std::to_string(server.port());
        const auto begin = get_running_loop().time();
        EXPECT_EQ(co_await output_of(upload), std::to_string(size));
        EXPECT_EQ(got, size);
        const auto took = std::chrono::duration<double>(get_running_loop().time() - begin);
        std::printf("from nc: %.0f MiB/s\n", 64 / took.count());

        const auto source = [](stream client) -> coro<void> {
            const std::string block(256 * 1024, 'x');
            for (std::size_t sent = 0; sent < size; sent += block.size()) {
                client.write(block);
                co_await client.drain();
            }
        };
        auto giver = co_await start_server(source, "127.0.0.1", 0);
        const std::string download = "nc -d 127.0.0.1 " + std::to_string(giver.port()) + " | wc -c";
        EXPECT_EQ(std::stoull(co_await output_of(download)), size);
    });
}

TEST_P(clients, curl_gets_pages_from_a_small_server) {
    run([]() -> coro<void> {
        auto server = co_await start_server(small_http, "localhost", 0);
        const std::string url = "http://localhost:" + std::to_string(server.port());
        const std::string command = "curl -sS " + url + "/a " + url + "/b";
        EXPECT_EQ(co_await output_of(command), "you asked for /a\nyou asked for /b\n");
    });
}

TEST_P(clients, socat_talks_over_unix_sockets_and_datagrams) {
    if (!there_is("socat")) {
        GTEST_SKIP() << "there is no socat here: ./dev setup installs it";
    }
    run([]() -> coro<void> {
        const temporary_path path;
        auto server = co_await start_unix_server(echo, path.string());
        EXPECT_EQ(co_await output_of("socat - UNIX-CONNECT:" + path.string(), "by a path"),
                  "by a path");
        const std::string name = "rondo" + path.string();
        auto abstract = co_await start_unix_server(echo, std::string(1, '\0') + name);
        EXPECT_EQ(co_await output_of("socat - 'ABSTRACT-CONNECT:" + name + "'", "by a name"),
                  "by a name");

        udp_socket s(address("127.0.0.1", 0));
        const auto answer = [](udp_socket& on) -> coro<void> {
            const datagram got = co_await on.recv_from();
            const std::string text = "got " + got.data;
            co_await on.send_to(text, got.from);
        };
        auto answering = create_task(answer(s));
        const std::string command =
            "socat -T 0.2 - UDP:127.0.0.1:" + std::to_string(s.getsockname().port());
        EXPECT_EQ(co_await output_of(command, "a datagram"), "got a datagram");
        co_await answering;
    });
}

TEST_P(clients, asyncio_is_understood_on_either_side) {
    run([]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        const std::string python = "/usr/bin/python3 " RONDO_TEST_DIR "/asyncio_peer.py ";
        EXPECT_EQ(co_await output_of(python + "client " + std::to_string(server.port())),
                  "5000000 bytes and a line came back\n");

        process_options piped;
        piped.stdout_ = stdio::pipe;
        auto peer = co_await create_subprocess_shell("exec " + python + "server", piped);
        const std::string port = co_await wait_for(peer.stdout_().readline(), 20s);
        auto s = co_await open_connection("127.0.0.1", static_cast<std::uint16_t>(std::stoi(port)));
        const std::string block(1'000'000, 'r');
        s.write(block);
        s.write_eof();
        EXPECT_TRUE(co_await s.read() == block);
        EXPECT_EQ(co_await peer.wait(), 0);
    });
}

ON_EVERY_KERNEL_DRIVER(clients);
