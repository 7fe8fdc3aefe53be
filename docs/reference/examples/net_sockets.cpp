// SPDX-License-Identifier: MIT
// clock: real
#include <rondo/rondo.hpp>

#include <cstdio>
#include <string>
#include <system_error>

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

// #region datagrams
rondo::coro<void> answer(rondo::udp_socket& on) {
    rondo::datagram got = co_await on.recv_from();
    std::string text = "you said " + got.data;
    co_await on.send_to(text, got.from);
}

rondo::coro<void> with_datagrams() {
    rondo::udp_socket server(rondo::address("127.0.0.1", 0));
    auto answering = rondo::create_task(answer(server));

    rondo::udp_socket s = rondo::udp_socket::unbound();
    s.connect(server.getsockname());
    co_await s.send("hello");
    rondo::datagram reply = co_await s.recv_from();
    std::printf("%s\n", reply.data.c_str());
    co_await answering;
}
// #endregion

// #region addresses
rondo::coro<void> look_up() {
    for (const rondo::address& a : co_await rondo::getaddrinfo("localhost", 80)) {
        std::puts(a.to_string().c_str());
    }
}
// #endregion

rondo::coro<void> main_() {
    co_await with_sockets();
    co_await with_datagrams();
    co_await look_up();
}

int main() { rondo::run(main_()); }
