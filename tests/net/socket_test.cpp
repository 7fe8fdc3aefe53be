// SPDX-License-Identifier: MIT
#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/gather.hpp>
#include <rondo/core/run.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/core/wait_for.hpp>
#include <rondo/net/socket.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/run.hpp>

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

rondo::socket listening() {
    rondo::socket listener = rondo::socket::tcp();
    listener.bind("127.0.0.1", 0);
    listener.listen();
    return listener;
}

/// Both ends of a connection.
struct ends {
    ends(rondo::socket a, rondo::socket b) : near(std::move(a)), far(std::move(b)) {}
    rondo::socket near;
    rondo::socket far;
};

coro<ends> connected() {
    rondo::socket listener = listening();
    rondo::socket client = rondo::socket::tcp();
    co_await client.connect(listener.getsockname());
    rondo::socket accepted = co_await listener.accept();
    co_return ends(std::move(client), std::move(accepted));
}

/// How `awaited` ends: 0, the errno of its system_error, or ECANCELED.
template <class T>
coro<int> code_of(coro<T> awaited) {
    try {
        static_cast<void>(co_await awaited);
    } catch (const std::system_error& e) {
        co_return e.code().value();
    } catch (const cancelled_error&) {
        co_return ECANCELED;
    }
    co_return 0;
}
int open_descriptors() {
    int count = 0;
    for (int fd = 0; fd < 256; ++fd) {
        count += ::fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    }
    return count;
}

}  // namespace

TEST(address, is_a_value_that_can_be_read_back) {
    const address four("127.0.0.1", 80);
    EXPECT_EQ(four.host(), "127.0.0.1");
    EXPECT_EQ(four.port(), 80);
    EXPECT_EQ(four.to_string(), "127.0.0.1:80");
    EXPECT_FALSE(four.is_ipv6());
    const address six("::1", 443);
    EXPECT_TRUE(six.is_ipv6());
    EXPECT_EQ(six.to_string(), "[::1]:443");
    EXPECT_EQ(six.with_port(1), address("::1", 1));
    EXPECT_NE(six, address("::1", 1));
    EXPECT_EQ(address("0:0:0:0:0:0:0:1", 443), six);
    EXPECT_EQ(address().to_string(), "");
    EXPECT_FALSE(address());
    for (const char* wrong : {"", "localhost", "1.2.3", "1.2.3.4.5", "::1%", "12345::", "::1%-"}) {
        EXPECT_THROW(address(wrong, 1), std::invalid_argument) << wrong;
    }
}

TEST(address, has_a_scope_that_is_an_interface_or_a_whole_number) {
    EXPECT_EQ(address("fe80::1%4294967295", 80).host(), "fe80::1%4294967295");
    EXPECT_EQ(address("fe80::1%1", 80), address("fe80::1%0001", 80));
    for (const char* host :
         {"fe80::1%", "fe80::1%0", "fe80::1%1garbage", "fe80::1% 1", "fe80::1%1 ", "fe80::1%+1",
          "fe80::1%-1", "fe80::1%0x1", "fe80::1%4294967296", "fe80::1%4294967297",
          "fe80::1%99999999999999999999"}) {
        EXPECT_THROW(address(host, 80), std::invalid_argument) << host;
    }
}

TEST(getaddrinfo, knows_numbers_and_localhost_and_asks_for_the_rest) {
    rondo::testing::run([]() -> coro<void> {
        const auto number = co_await rondo::getaddrinfo("::1", 80);
        EXPECT_EQ(number, std::vector{address("::1", 80)});
        const auto local = co_await rondo::getaddrinfo("localhost", 80);
        EXPECT_EQ(local.front(), address("127.0.0.1", 80));
        try {
            co_await rondo::getaddrinfo("no-such-host.invalid", 80);
            ADD_FAILURE() << ".invalid is reserved";
        } catch (const std::runtime_error& e) {
            EXPECT_TRUE(std::string(e.what()).starts_with("getaddrinfo: no-such-host.invalid: "))
                << e.what();
        }
    }());
}

TEST(socket, sends_and_receives) {
    rondo::testing::run([]() -> coro<void> {
        auto [near, far] = co_await connected();
        EXPECT_EQ(near.getpeername(), far.getsockname());
        co_await near.sendall("hello");
        EXPECT_EQ(co_await far.recv(0), "");
        EXPECT_EQ(co_await far.recv(3), "hel");
        std::array<char, 8> memory{};
        EXPECT_EQ(co_await far.recv_into(memory), 2u);
        EXPECT_EQ(memory[1], 'o');
        EXPECT_EQ(co_await far.send("back"), 4u);
        EXPECT_EQ(co_await near.recv(100), "back");
        near.shutdown(shutdown_how::write);
        EXPECT_EQ(co_await far.recv(100), "");
        EXPECT_EQ(co_await far.recv(100), "");  // the end stays
    }());
}

TEST(socket, refuses_a_second_reader_and_a_second_writer) {
    rondo::testing::run([]() -> coro<void> {
        auto [near, far] = co_await connected();
        auto reading = create_task(near.recv(1));
        const std::string much(16 * 1024 * 1024, 'x');
        auto writing = create_task(near.sendall(much));
        co_await yield_now();
        EXPECT_THROW(co_await near.recv(1), std::runtime_error);
        EXPECT_THROW(co_await near.send("x"), std::runtime_error);
        co_await far.sendall("y");
        EXPECT_EQ(co_await reading, "y");
        std::size_t total = 0;
        while (total < much.size()) {
            total += (co_await far.recv(64 * 1024)).size();
        }
        co_await writing;
    }());
}

TEST(socket, a_cancelled_read_leaves_what_comes_to_the_next_one) {
    rondo::testing::run([]() -> coro<void> {
        auto [near, far] = co_await connected();
        auto reading = create_task(near.recv(10));
        co_await yield_now();
        reading.cancel();
        EXPECT_THROW(co_await reading, cancelled_error);
        co_await far.sendall("kept");
        EXPECT_EQ(co_await near.recv(10), "kept");
        EXPECT_THROW(co_await wait_for(near.recv(10), 1s), timeout_error);
    }());
}

TEST(socket, the_result_wins_over_a_cancellation_that_comes_after_it) {
    rondo::testing::run([]() -> coro<void> {
        auto [near, far] = co_await connected();
        auto reading = create_task(near.recv(10));
        co_await yield_now();
        co_await far.sendall("first");
        while (reading.core().phase() == detail::task_phase::blocked) {
            co_await yield_now();
        }
        reading.cancel();
        EXPECT_EQ(co_await reading, "first");
    }());
}

TEST(socket, closing_wakes_those_who_wait) {
    rondo::testing::run([]() -> coro<void> {
        auto [near, far] = co_await connected();
        auto reading = create_task(code_of(near.recv(1)));
        rondo::socket listener = listening();
        auto accepting = create_task(code_of(listener.accept()));
        co_await yield_now();
        near.close();
        near.close();
        listener.close();
        EXPECT_EQ(co_await reading, EBADF);
        EXPECT_EQ(co_await accepting, EBADF);
        EXPECT_EQ(co_await far.recv(1), "");
        EXPECT_TRUE(near.is_closed());
        EXPECT_EQ(near.fileno(), -1);
        EXPECT_THROW(static_cast<void>(near.recv(1)), std::system_error);
        EXPECT_THROW(near.getpeername(), std::system_error);
        rondo::socket moved = std::move(far);
        EXPECT_THROW(static_cast<void>(far.recv(1)), std::system_error);  // NOLINT: on purpose
    }());
}

TEST(socket, may_go_while_a_task_waits_for_it) {
    rondo::testing::run([]() -> coro<void> {
        auto both = co_await connected();
        auto near = std::make_unique<rondo::socket>(std::move(both.near));
        auto reading = create_task(code_of(near->recv(1)));
        co_await yield_now();
        near.reset();
        EXPECT_EQ(co_await reading, EBADF);
    }());
}

TEST(socket, connection_refused_names_the_address) {
    rondo::testing::run([]() -> coro<void> {
        rondo::socket listener = listening();
        const address nobody = listener.getsockname();
        listener.close();
        rondo::socket client = rondo::socket::tcp();
        try {
            co_await client.connect(nobody);
            ADD_FAILURE() << "nobody listens";
        } catch (const std::system_error& e) {
            EXPECT_EQ(e.code().value(), ECONNREFUSED);
            EXPECT_TRUE(std::string(e.what()).starts_with("connect to " + nobody.to_string()))
                << e.what();
        }
    }());
}

TEST(socket, connects_to_a_name_by_the_addresses_of_its_kind) {
    rondo::testing::run([]() -> coro<void> {
        rondo::socket listener = listening();
        rondo::socket client = rondo::socket::tcp();
        co_await client.connect("localhost", listener.getsockname().port());
        EXPECT_EQ(client.getpeername(), listener.getsockname());
    }());
}

TEST(socket, gives_its_descriptor_away) {
    rondo::testing::run([]() -> coro<void> {
        auto [near, far] = co_await connected();
        auto reading = create_task(code_of(near.recv(1)));
        co_await yield_now();
        EXPECT_THROW(near.detach(), std::runtime_error);
        co_await far.sendall("x");
        EXPECT_EQ(co_await reading, 0);
        rondo::socket again(near.detach());
        EXPECT_TRUE(near.is_closed());
        co_await far.sendall("y");
        EXPECT_EQ(co_await again.recv(1), "y");
    }());
}

TEST(socket, options_are_set_and_read) {
    rondo::socket s = rondo::socket::tcp();
    for (auto option : {socket_option::reuse_address, socket_option::reuse_port,
                        socket_option::keep_alive, socket_option::no_delay}) {
        EXPECT_EQ(s.get_option(option), 0);
        s.set_option(option, 1);
        EXPECT_EQ(s.get_option(option), 1);
    }
}

TEST(socket, used_in_one_loop_after_the_other) {
    rondo::socket listener = listening();
    const auto exchange = [&]() -> coro<void> {
        auto accepting = create_task(listener.accept());
        co_await yield_now();
        rondo::socket client = rondo::socket::tcp();
        co_await client.connect(listener.getsockname());
        co_await client.sendall("x");
        rondo::socket accepted = co_await std::move(accepting);
        EXPECT_EQ(co_await accepted.recv(1), "x");
    };
    rondo::run(exchange());
    rondo::run(exchange());
}

TEST(socket, reading_at_once_lets_others_run_from_time_to_time) {
    rondo::testing::run([]() -> coro<void> {
        auto [near, far] = co_await connected();
        co_await far.sendall(std::string(1000, 'x'));
        int turns = 0;
        const auto other = [&]() -> coro<void> {
            for (;;) {
                ++turns;
                co_await yield_now();
            }
        };
        auto beside = create_task(other());
        for (int i = 0; i < 1000; ++i) {
            co_await near.recv(1);
        }
        EXPECT_GE(turns, 1000 / 128);
        beside.cancel();
    }());
}

TEST(socket, cancelled_at_every_suspension_nothing_that_was_accepted_or_received_is_lost) {
    const int before = open_descriptors();
    std::string received;
    const auto client = [](address to) -> coro<void> {
        rondo::socket s = rondo::socket::tcp();
        co_await s.connect(to);
        for (const char* part : {"ab", "cd", "ef"}) {
            co_await s.sendall(part);
            co_await sleep(1s);
        }
    };
    const auto scenario = [&]() -> coro<void> {
        rondo::socket listener = listening();
        auto talking = create_task(client(listener.getsockname()));
        std::optional<rondo::socket> s;
        while (!s) {
            try {
                s = co_await listener.accept();
            } catch (const cancelled_error&) {  // and once more
            }
        }
        for (bool ended = false; !ended;) {
            try {
                const std::string data = co_await s->recv(100);
                received += data;
                ended = data.empty();
            } catch (const cancelled_error&) {
            }
        }
        co_await talking;
    };
    const int cancelled = rondo::testing::cancel_sweep(scenario, [&] {
        EXPECT_EQ(received, "abcdef");
        EXPECT_EQ(open_descriptors(), before);
        received.clear();
    });
    EXPECT_GT(cancelled, 5);
}

TEST(sock_calls, work_on_descriptors_of_somebody_else) {
    int fds[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    rondo::testing::run([](int near, int far) -> coro<void> {
        auto reading = create_task(sock_recv(near, 10));
        co_await yield_now();
        EXPECT_THROW(co_await sock_recv(near, 10), std::runtime_error);
        co_await sock_sendall(far, "hello");
        EXPECT_EQ(co_await reading, "hello");
        const std::string much(4 * 1024 * 1024, 'x');
        const auto reader = [](int from, std::size_t n) -> coro<std::string> {
            std::string all;
            std::vector<char> memory(100'000);
            while (all.size() < n) {
                const std::size_t got = co_await sock_recv_into(from, memory);
                all.append(memory.data(), got);
            }
            co_return all;
        };
        auto [got, nothing] = co_await gather(reader(near, much.size()), sock_sendall(far, much));
        EXPECT_TRUE(got == much);
        EXPECT_THROW(static_cast<void>(sock_recv(-1, 1)), std::invalid_argument);
    }(fds[0], fds[1]));
    ::close(fds[0]);
    ::close(fds[1]);
}

TEST(sock_calls, share_a_descriptor_with_nobody) {
    int fds[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    rondo::testing::run([](int near) -> coro<void> {
        event_loop& loop = get_running_loop();
        loop.add_reader(near, [] {});
        EXPECT_THROW(co_await sock_recv(near, 1), std::runtime_error);
        loop.remove_reader(near);
        auto reading = create_task(sock_recv(near, 1));
        co_await yield_now();
        EXPECT_THROW(loop.add_reader(near, [] {}), std::runtime_error);
        reading.cancel();
        EXPECT_THROW(co_await reading, cancelled_error);
        loop.add_reader(near, [] {});
        loop.remove_reader(near);
    }(fds[0]));
    ::close(fds[0]);
    ::close(fds[1]);
}

TEST(sock_calls, in_debug_mode_refuse_a_descriptor_that_blocks) {
    int fds[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    rondo::testing::run(
        [](int near) -> coro<void> {
            EXPECT_THROW(co_await sock_recv(near, 1), std::invalid_argument);
        }(fds[0]),
        {.debug = true});
    ::close(fds[0]);
    ::close(fds[1]);
}
