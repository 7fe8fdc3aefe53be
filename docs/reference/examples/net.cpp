// SPDX-License-Identifier: MIT
// clock: real
#include <rondo/rondo.hpp>

#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

using namespace std::chrono_literals;

// #region server
rondo::coro<void> answer(rondo::stream client) {
    while (true) {
        std::string line = co_await client.readline();
        if (line.empty()) {
            break;  // The client will say nothing more.
        }
        client.write("you said " + line);
        co_await client.drain();
    }
}  // What is kept is sent, then the connection is closed.
// #endregion

// #region client
rondo::coro<void> converse(std::uint16_t port) {
    auto s = co_await rondo::open_connection("localhost", port);
    s.write("hello\n");
    s.write("goodbye\n");
    s.write_eof();
    std::string all = co_await s.read();
    std::printf("%s", all.c_str());
}
// #endregion

// #region limits
rondo::coro<void> wait_a_little(std::uint16_t port) {
    auto s = co_await rondo::open_connection("localhost", port);
    s.write("hel");
    try {
        co_await rondo::wait_for(s.readline(), 10ms);
    } catch (const rondo::timeout_error&) {
        std::puts("no answer to half a line");
    }
    s.write("lo again\n");
    std::string line = co_await s.readline();  // The read that was given up has lost nothing.
    std::printf("%s", line.c_str());
}
// #endregion

// #region serve
rondo::coro<void> serve() {
    auto server = co_await rondo::start_server(answer, "localhost", 0);  // 0: any free port.
    co_await converse(server.port());
    co_await wait_a_little(server.port());
    bool in_time = co_await server.shutdown(5s);
    std::puts(in_time ? "all handlers have ended" : "some had to be cancelled");
}
// #endregion

// #region errors
rondo::coro<void> nobody_there() {
    auto server = co_await rondo::start_server(answer, "127.0.0.1", 0);
    auto port = server.port();
    server.close();
    try {
        co_await rondo::open_connection("127.0.0.1", port);
    } catch (const std::system_error& e) {
        std::puts(e.code().message().c_str());
    }
}
// #endregion

// #region eyeballs
rondo::coro<void> connect_with_options(std::uint16_t port) {
    rondo::connection_options options;
    options.happy_eyeballs_delay = 100ms;                 // then the next address is tried, too
    options.local_addr = rondo::address("127.0.0.1", 0);  // where the connection comes from
    auto s = co_await rondo::open_connection("127.0.0.1", port, options);
    std::printf("from %s\n", s.sockname().host().c_str());
}
// #endregion

// #region unix
rondo::coro<void> over_a_unix_socket(std::string path) {
    auto server = co_await rondo::start_unix_server(answer, path);
    auto s = co_await rondo::open_unix_connection(path);
    s.write("hello, neighbour\n");
    std::string line = co_await s.readline();
    std::printf("%s", line.c_str());
}  // The server closes, and removes its socket.
// #endregion

// #region sendfile
rondo::coro<void> send_a_file(rondo::stream to, std::string path) {
    auto f = co_await rondo::open_file(path);
    to.write("here it comes: ");
    std::int64_t sent = co_await to.sendfile(f, 0, 20);
    to.write("\nthat was " + std::to_string(sent) + " bytes\n");
}
// #endregion

rondo::coro<void> with_files() {
    const std::string path = std::filesystem::temp_directory_path() / "rondo_docs_net";
    co_await over_a_unix_socket(path);
    co_await rondo::write_file(path, "a file that is longer than what is asked for");
    auto server = co_await rondo::start_server(
        [&](rondo::stream s) { return send_a_file(std::move(s), path); }, "127.0.0.1", 0);
    co_await connect_with_options(server.port());
    auto s = co_await rondo::open_connection("127.0.0.1", server.port());
    std::string all = co_await s.read();
    std::printf("%s", all.c_str());
    std::remove(path.c_str());
}

rondo::coro<void> main_() {
    co_await serve();
    co_await nobody_there();
    co_await with_files();
}

int main() { rondo::run(main_()); }
