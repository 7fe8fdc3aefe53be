// SPDX-License-Identifier: MIT

// A read that brings less than it had room for has not brought all there is of everything that can
// be read from.
#include "net/on_kernel.hpp"

#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

namespace {

using namespace rondo;
using namespace std::chrono_literals;

class short_reads : public rondo_test::on_kernel {};
ON_EVERY_KERNEL_DRIVER(short_reads);

/// Sends a byte and a descriptor with it.
void send_with_descriptor(int to, char byte) {
    iovec bytes{&byte, 1};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    const int any = 0;
    std::memcpy(CMSG_DATA(header), &any, sizeof any);
    ASSERT_EQ(::sendmsg(to, &message, 0), 1);
}

/// Reads twice; the first one waits until `send` has sent for both.
template <class Read, class Send>
coro<std::string> two_reads(Read read, Send send) {
    auto reading = create_task([](Read& one) -> coro<std::string> {
        const std::string first = co_await one();
        co_return first + "|" + co_await one();
    }(read));
    co_await yield_now();
    send();
    co_return co_await wait_for(reading, 5s);
}

}  // namespace

TEST_P(short_reads, a_unix_socket_stops_where_descriptors_were_passed) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        stream in(std::move(near));
        EXPECT_EQ(
            co_await two_reads([&]() -> coro<std::string> { co_return co_await in.read(100); },
                               [&] {
                                   send_with_descriptor(far.fileno(), 'a');
                                   send_with_descriptor(far.fileno(), 'b');
                               }),
            "a|b");
    });
}

TEST_P(short_reads, a_datagram_is_one) {
    run([]() -> coro<void> {
        int ends[2];
        const int type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
        EXPECT_EQ(::socketpair(AF_UNIX, type, 0, ends), 0);
        rondo::socket in(ends[0]);
        EXPECT_EQ(
            co_await two_reads([&]() -> coro<std::string> { co_return co_await in.recv(100); },
                               [&] {
                                   EXPECT_EQ(::send(ends[1], "a", 1, 0), 1);
                                   EXPECT_EQ(::send(ends[1], "b", 1, 0), 1);
                               }),
            "a|b");
        ::close(ends[1]);
    });
}

TEST_P(short_reads, a_packet_of_a_pipe_is_one) {
    run([]() -> coro<void> {
        int ends[2];
        EXPECT_EQ(::pipe2(ends, O_DIRECT | O_CLOEXEC), 0);
        stream_reader in(ends[0]);
        EXPECT_EQ(
            co_await two_reads([&]() -> coro<std::string> { co_return co_await in.read(100); },
                               [&] {
                                   EXPECT_EQ(::write(ends[1], "a", 1), 1);
                                   EXPECT_EQ(::write(ends[1], "b", 1), 1);
                               }),
            "a|b");
        ::close(ends[1]);
    });
}

TEST_P(short_reads, a_terminal_gives_a_line) {
    run([]() -> coro<void> {
        const int keyboard = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        EXPECT_EQ(::grantpt(keyboard) | ::unlockpt(keyboard), 0);
        const int terminal = ::open(::ptsname(keyboard), O_RDWR | O_NOCTTY | O_CLOEXEC);
        stream_reader in(terminal);
        EXPECT_EQ(
            co_await two_reads([&]() -> coro<std::string> { co_return co_await in.read(100); },
                               [&] { EXPECT_EQ(::write(keyboard, "a\nb\n", 4), 4); }),
            "a\n|b\n");
        ::close(keyboard);
    });
}

TEST_P(short_reads, tcp_stops_where_a_byte_is_marked_as_urgent) {
    run([]() -> coro<void> {
        rondo::socket listener = rondo::socket::tcp();
        listener.bind("127.0.0.1", 0);
        listener.listen();
        rondo::socket far = rondo::socket::tcp();
        co_await far.connect(listener.getsockname());
        stream in(co_await listener.accept());
        EXPECT_EQ(
            co_await two_reads([&]() -> coro<std::string> { co_return co_await in.read(100); },
                               [&] {
                                   EXPECT_EQ(::send(far.fileno(), "a", 1, 0), 1);
                                   EXPECT_EQ(::send(far.fileno(), "!", 1, MSG_OOB), 1);
                                   EXPECT_EQ(::send(far.fileno(), "b", 1, 0), 1);
                               }),
            "a|b");
    });
}
