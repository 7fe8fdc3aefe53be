// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "connections.hpp"
#include "net/temporary_path.hpp"
#include "toy_layer.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <optional>

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;

namespace {

/// A file with those bytes, while it lives.
class file_of {
public:
    explicit file_of(const std::string& bytes) { std::ofstream(path(), std::ios::binary) << bytes; }
    const std::string& path() const { return path_.string(); }

private:
    temporary_path path_;
};

/// Text of at least that size, in which no two places look the same.
std::string numbers(std::size_t size) {
    std::string block;
    for (int i = 0; block.size() < 100'000; ++i) {
        block += std::to_string(i) + " ";
    }
    std::string all;
    for (int i = 0; all.size() < size; ++i) {
        all += "block " + std::to_string(i) + ": " + block;
    }
    return all;
}

}  // namespace

BEHAVIOUR(B250_sendfile_sends_a_whole_file_after_what_was_written) {
    run([&]() -> coro<void> {
        const std::string content = numbers(5'000'000);
        const file_of source(content);
        auto f = co_await open_file(source.path());
        auto [near, far] = co_await connected();
        far.write("head ");
        auto sending = create_task(far.sendfile(f));
        co_await yield_now();
        EXPECT_THROW(far.write("between"), std::runtime_error);
        EXPECT_THROW(far.write_eof(), std::runtime_error);
        EXPECT_EQ(co_await near.readexactly(5), "head ");
        EXPECT_TRUE(co_await near.readexactly(content.size()) == content);
        EXPECT_EQ(co_await sending, static_cast<std::int64_t>(content.size()));
        EXPECT_EQ(f.tell(), 0);
        far.write("tail");
        far.close();
        EXPECT_EQ(co_await near.read(), "tail");
    });
}

BEHAVIOUR(B250_sendfile_takes_an_offset_and_a_count_and_a_file_may_be_empty) {
    run([&]() -> coro<void> {
        const file_of source("0123456789");
        const file_of nothing("");
        auto f = co_await open_file(source.path());
        auto empty = co_await open_file(nothing.path());
        auto [near, far] = co_await connected();
        EXPECT_EQ(co_await far.sendfile(f, 2, 3), 3);
        EXPECT_EQ(co_await far.sendfile(f, 8, 100), 2);
        EXPECT_EQ(co_await far.sendfile(f, 10), 0);
        EXPECT_EQ(co_await far.sendfile(f, 0, 0), 0);
        EXPECT_EQ(co_await far.sendfile(empty), 0);
        EXPECT_EQ(co_await near.readexactly(5), "23489");
        EXPECT_THROW(co_await far.sendfile(f, -1), std::invalid_argument);
        EXPECT_THROW(co_await far.sendfile(f, 0, -1), std::invalid_argument);
        auto [a, b] = rondo::socket::pair();
        EXPECT_EQ(co_await sock_sendfile(a, f, 5), 5);
        EXPECT_EQ(co_await b.recv(100), "56789");
    });
}

BEHAVIOUR(B250_sendfile_to_a_peer_that_goes_away_throws) {
    run([&]() -> coro<void> {
        const file_of source(numbers(8'000'000));
        auto f = co_await open_file(source.path());
        auto [near, far] = co_await connected();
        auto sending = create_task(errno_of(far.sendfile(f)));
        co_await near.readexactly(100'000);
        near.abort();
        const int code = co_await sending;
        EXPECT_TRUE(code == EPIPE || code == ECONNRESET) << code;
        EXPECT_EQ(co_await errno_of(far.drain()), code);
    });
}

BEHAVIOUR(B250_sendfile_that_is_cancelled_gives_the_stream_back) {
    run([&]() -> coro<void> {
        const std::string content = numbers(8'000'000);
        const file_of source(content);
        auto f = co_await open_file(source.path());
        auto [near, far] = co_await connected();
        auto sending = create_task(far.sendfile(f));
        EXPECT_EQ(co_await near.readexactly(5), content.substr(0, 5));
        sending.cancel();
        EXPECT_THROW(co_await sending, cancelled_error);
        far.write("END");
        far.close();
        const std::string rest = co_await near.read();
        EXPECT_TRUE(rest.ends_with("END"));
        EXPECT_EQ(content.compare(5, rest.size() - 3, rest, 0, rest.size() - 3), 0);
    });
}

BEHAVIOUR(B250_over_a_layer_a_file_is_copied) {
    run([&]() -> coro<void> {
        const std::string content = numbers(1'000'000);
        const file_of source(content);
        auto f = co_await open_file(source.path());
        auto [near, far] = co_await connected();
        co_await put_layer_on(near, far);
        const auto send = [](stream& s, const file& from) -> coro<void> {
            EXPECT_EQ(co_await s.sendfile(from, 0, 999'999), 999'999);
            s.close();
        };
        auto sending = create_task(send(far, f));
        EXPECT_TRUE(co_await near.read() == content.substr(0, 999'999));
        co_await sending;
    });
}

BEHAVIOUR(B252_datagrams_are_sent_and_received_whole_with_their_sender) {
    run([&]() -> coro<void> {
        udp_socket a(address("127.0.0.1", 0));
        udp_socket b = udp_socket::unbound();
        co_await b.send_to("hello", a.getsockname());
        co_await b.send_to("", a.getsockname());  // a datagram as well
        co_await b.send_to("0123456789", a.getsockname());
        auto first = co_await a.recv_from();
        EXPECT_EQ(first.data, "hello");
        EXPECT_EQ(first.from.port(), b.getsockname().port());
        EXPECT_FALSE(first.truncated);
        auto second = co_await a.recv_from();
        EXPECT_EQ(second.data, "");
        EXPECT_EQ(second.from, first.from);
        auto third = co_await a.recv_from(4);
        EXPECT_EQ(third.data, "0123");
        EXPECT_TRUE(third.truncated);
        auto waiting = create_task(b.recv_from());
        co_await yield_now();
        const std::string largest(65'507, 'x');
        co_await a.send_to(largest, first.from);
        const auto got = co_await waiting;
        EXPECT_TRUE(got.data == largest);
        EXPECT_EQ(co_await errno_of(a.send_to(largest + "x", first.from)), EMSGSIZE);
    });
}

BEHAVIOUR(B252_a_connected_socket_hears_and_speaks_to_one_address_only) {
    run([&]() -> coro<void> {
        udp_socket a(address("127.0.0.1", 0));
        udp_socket b(address("127.0.0.1", 0));
        udp_socket stranger(address("127.0.0.1", 0));
        EXPECT_EQ(co_await errno_of(a.send("nobody")), EDESTADDRREQ);
        a.connect(b.getsockname());
        EXPECT_EQ(a.getpeername(), b.getsockname());
        co_await stranger.send_to("not heard", a.getsockname());
        co_await b.send_to("heard", a.getsockname());
        EXPECT_EQ((co_await a.recv_from()).data, "heard");
        co_await a.send("one");
        co_await a.send_to("two", b.getsockname());
        EXPECT_EQ((co_await b.recv_from()).data, "one");
        EXPECT_EQ((co_await b.recv_from()).data, "two");
        EXPECT_THROW(co_await a.send_to("three", stranger.getsockname()), std::invalid_argument);
    });
}

BEHAVIOUR(B252_an_error_that_comes_back_is_thrown_by_the_next_call_and_that_is_all) {
    run([&]() -> coro<void> {
        udp_socket a(address("127.0.0.1", 0));
        std::optional<udp_socket> b(address("127.0.0.1", 0));
        const address at = b->getsockname();
        a.connect(at);
        b.reset();
        co_await a.send("anybody?");
        EXPECT_EQ(co_await errno_of(a.recv_from()), ECONNREFUSED);
        b.emplace(at);
        co_await a.send("again");
        EXPECT_EQ((co_await b->recv_from()).data, "again");
    });
}

BEHAVIOUR(B252_broadcast_has_to_be_allowed) {
    run([&]() -> coro<void> {
        udp_socket s = udp_socket::unbound();
        const address everybody("127.255.255.255", 9);
        EXPECT_EQ(co_await errno_of(s.send_to("hello", everybody)), EACCES);
        s.set_option(socket_option::broadcast, 1);
        EXPECT_EQ(co_await errno_of(s.send_to("hello", everybody)), 0);
    });
}

BEHAVIOUR(B252_a_send_that_finds_no_room_waits_and_nothing_is_kept_here) {
    run([&]() -> coro<void> {
        // Unix datagrams are not dropped, so the whole way is bounded.
        const address at = address::of_path(std::string("\0rondo datagrams ", 17) + GetParam());
        udp_socket receiver(at);
        udp_socket sender(address::of_path(std::string("\0rondo sender ", 14) + GetParam()));
        int sent = 0;
        const auto send = [&](const udp_socket&) -> coro<void> {
            for (; sent < 1000; ++sent) {
                const std::string text = std::to_string(sent);
                co_await sender.send_to(text, at);
            }
        };
        auto sending = create_task(send(sender));
        co_await sleep(5ms);
        EXPECT_FALSE(sending.done());
        EXPECT_LT(sent, 1000);
        for (int i = 0; i < 1000; ++i) {
            EXPECT_EQ((co_await receiver.recv_from()).data, std::to_string(i));
        }
        co_await sending;
    });
}

BEHAVIOUR(B252_a_receive_that_is_cancelled_loses_no_datagram_and_close_wakes_it) {
    run([&]() -> coro<void> {
        udp_socket a(address("127.0.0.1", 0));
        udp_socket b = udp_socket::unbound();
        auto given_up = create_task(a.recv_from());
        co_await yield_now();
        co_await b.send_to("kept", a.getsockname());
        given_up.cancel();
        EXPECT_THROW(co_await given_up, cancelled_error);
        EXPECT_EQ((co_await a.recv_from()).data, "kept");
        auto waiting = create_task(errno_of(a.recv_from()));
        co_await yield_now();
        EXPECT_THROW(co_await a.recv_from(), std::runtime_error);
        a.close();
        EXPECT_EQ(co_await waiting, EBADF);
        EXPECT_EQ(co_await errno_of(b.send_to("late", address("127.0.0.1", 9))), 0);
    });
}

BEHAVIOUR(B253_raw_sockets_carry_huge_content) {
    run([&]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        const std::string content = numbers(10'000'000);
        auto sending = create_task(sock_sendall(near, content));
        std::string got;
        std::array<char, 50'000> memory{};
        while (got.size() < content.size()) {
            const std::size_t n = co_await sock_recv_into(far, memory);
            got.append(memory.data(), n);
            if (got.size() == content.size()) {
                break;
            }
            const std::string more = co_await sock_recv(far, 70'000);
            got += more;
        }
        co_await sending;
        EXPECT_TRUE(got == content);
    });
}

BEHAVIOUR(B253_connects_race_with_each_other_and_with_cancellation) {
    run([&]() -> coro<void> {
        rondo::socket listener = rondo::socket::tcp();
        listener.bind("127.0.0.1", 0);
        listener.listen();
        const address at = listener.getsockname();
        const auto connect = [at]() -> coro<void> {
            rondo::socket s = rondo::socket::tcp();
            co_await sock_connect(s, at);
            co_await sock_sendall(s, "x");
        };
        std::vector<task<void>> all;
        for (int i = 0; i < 30; ++i) {
            all.push_back(create_task(connect()));
        }
        co_await yield_now();
        for (std::size_t i = 0; i < all.size(); i += 3) {
            all[i].cancel();
        }
        int arrived = 0;
        for (int i = 0; i < 20; ++i) {
            rondo::socket s = co_await sock_accept(listener);
            const std::string got = co_await sock_recv(s, 1);
            arrived += got == "x" ? 1 : 0;
            i -= got.empty() ? 1 : 0;  // one that was cancelled after all
        }
        EXPECT_EQ(arrived, 20);
    });
}

BEHAVIOUR(B253_an_accept_that_is_cancelled_loses_no_connection) {
    run([&]() -> coro<void> {
        rondo::socket listener = rondo::socket::tcp();
        listener.bind("127.0.0.1", 0);
        listener.listen();
        const auto accept = [](rondo::socket& at) -> coro<std::optional<rondo::socket>> {
            try {
                co_return co_await sock_accept(at);
            } catch (const cancelled_error&) {
                co_return std::nullopt;
            }
        };
        int cancelled = 0;
        for (int i = 0; i < 20; ++i) {
            rondo::socket client = rondo::socket::tcp();
            auto accepting = create_task(accept(listener));
            co_await yield_now();
            if (i % 2 == 0) {
                accepting.cancel();
            }
            co_await client.connect(listener.getsockname());
            accepting.cancel();
            std::optional<rondo::socket> got = co_await std::move(accepting);
            if (!got) {
                ++cancelled;
                got = co_await sock_accept(listener);
            }
            co_await client.sendall("!");
            EXPECT_EQ(co_await got->recv(1), "!");
        }
        EXPECT_GT(cancelled, 0);
    });
}
