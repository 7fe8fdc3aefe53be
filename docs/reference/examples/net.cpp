// SPDX-License-Identifier: MIT
// clock: real
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>
#include <system_error>

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
    server.close();                 // No new connections …
    co_await server.wait_closed();  // … and the handlers have ended.
}
// #endregion

// #region sockets
rondo::coro<void> echo_once(rondo::socket& listener) {
    rondo::socket client = co_await listener.accept();
    std::string data = co_await client.recv(4096);
    co_await client.sendall(data);
}

rondo::coro<void> with_sockets() {
    rondo::socket listener = rondo::socket::tcp();
    listener.bind("127.0.0.1", 0);
    listener.listen();
    auto echo = rondo::create_task(echo_once(listener));

    rondo::socket s = rondo::socket::tcp();
    co_await s.connect(listener.getsockname());
    co_await s.sendall("the same again");
    std::string data = co_await s.recv(4096);
    std::printf("%s\n", data.c_str());
    co_await echo;
}
// #endregion

// #region addresses
rondo::coro<void> look_up() {
    for (const rondo::address& a : co_await rondo::getaddrinfo("localhost", 80)) {
        std::puts(a.to_string().c_str());
    }
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

rondo::coro<void> main_() {
    co_await serve();
    co_await with_sockets();
    co_await look_up();
    co_await nobody_there();
}

int main() { rondo::run(main_()); }
