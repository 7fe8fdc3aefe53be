// SPDX-License-Identifier: MIT
// An echo server without a coroutine in it: callbacks on a bare loop.
#include <rondo/rondo.hpp>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

void check(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category(), what);
    }
}

int listen_on(std::uint16_t port) {
    int sock = ::socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    ::setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    check(::bind(sock, reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
    check(::listen(sock, 5), "listen");
    return sock;
}

int port_of(int sock) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    check(::getsockname(sock, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    return ntohs(address.sin_port);
}

void handle_request(int client) {
    char data[4096];
    ssize_t n = ::recv(client, data, sizeof data, 0);
    if (n <= 0 || ::send(client, data, static_cast<std::size_t>(n), MSG_NOSIGNAL) < 0) {
        rondo::get_running_loop().remove_reader(client);
        ::close(client);
    }
}

void recv_client(int sock) {
    int client = ::accept(sock, nullptr, nullptr);
    if (client >= 0) {
        rondo::get_running_loop().add_reader(client, handle_request, client);
    }
}

rondo::coro<void> echo_server(std::uint16_t port) {
    int sock = listen_on(port);
    rondo::get_running_loop().add_reader(sock, recv_client, sock);
    std::printf("Try it: nc localhost %d\n", port_of(sock));
    std::fflush(stdout);
    co_await rondo::sleep_forever();
}

int main(int argc, char** argv) {
    try {
        rondo::run(echo_server(static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 25000)));
    } catch (const rondo::keyboard_interrupt&) {
        std::puts("Goodbye.");
    }
}
