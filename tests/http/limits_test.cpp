// SPDX-License-Identifier: MIT

// What a server says to a client that asks for too much, too slowly, or malformed.
#include "http/serving.hpp"
#include <rondo/core/sleep.hpp>
#include <rondo/rondo.hpp>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::nanoseconds;
using rondo::sleep;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

coro<void> echo(http::request& asked, http::response& answer) {
    const std::string_view body = co_await asked.body();
    answer = http::text("got " + std::to_string(body.size()));
}

http::serve_options plain() {
    http::serve_options options;
    options.date_header = false;
    return options;
}

std::string refused(std::string_view status, std::string_view why) {
    const std::string body = "{\"detail\":\"" + std::string(why) + "\"}";
    return "HTTP/1.1 " + std::string(status) + "\r\ncontent-type: application/json\r\n" +
           "content-length: " + std::to_string(body.size()) + "\r\nconnection: close\r\n\r\n" +
           body;
}

nanoseconds since(rondo::time_point before) { return rondo::get_running_loop().time() - before; }

rondo::time_point now() { return rondo::get_running_loop().time(); }

constexpr auto get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr auto post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";

}  // namespace

TEST(limits, malformed_requests_are_refused_and_the_connection_closed) {
    scripted app(echo);
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        EXPECT_EQ(co_await say(port, "GET / HTTP/1.1\r\n\r\n" + std::string(get)),
                  refused("400 Bad Request", "the Host header is missing"));
        EXPECT_EQ(
            co_await say(port, "GET / HTTP/2.0\r\n\r\n"),
            refused("505 HTTP Version Not Supported", "this server speaks HTTP/1.0 and HTTP/1.1"));
        EXPECT_EQ(co_await say(port, "GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n"),
                  refused("417 Expectation Failed", "an expectation other than 100-continue"));
        EXPECT_EQ(
            co_await say(port, "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"),
            refused("501 Not Implemented", "a Transfer-Encoding other than chunked"));
        EXPECT_EQ(co_await say(port, "\x16\x03\x01"),
                  refused("400 Bad Request", "malformed request line"));
        EXPECT_EQ(co_await say(port, "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
                  refused("405 Method Not Allowed", "Method Not Allowed"));
    });
    EXPECT_EQ(app.requests, 0);
}

TEST(limits, a_good_request_before_a_malformed_one_is_answered) {
    scripted app(echo);
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        const std::string text = co_await say(port, std::string(get) + "x\n" + get);
        EXPECT_THAT(text, StartsWith("HTTP/1.1 200 OK\r\n"));
        EXPECT_THAT(text,
                    EndsWith(refused("400 Bad Request", "a line that ends without CR and LF")));
    });
    EXPECT_EQ(app.requests, 1);
}

TEST(limits, of_a_head_are_those_of_the_options) {
    scripted app(echo);
    http::serve_options options = plain();
    options.max_request_line = 100;
    options.max_header_size = 200;
    options.max_header_count = 3;
    simulate(app, options, [](std::uint16_t port) -> coro<void> {
        EXPECT_EQ(co_await say(port, "GET /" + std::string(100, 'x')),
                  refused("414 URI Too Long", "the request line is too long"));
        const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
        EXPECT_EQ(co_await say(port, head + "b: " + std::string(300, 'x')),
                  refused("431 Request Header Fields Too Large", "the header is too long"));
        EXPECT_EQ(co_await say(port, head + "b:\r\nb:\r\nb:\r\n"),
                  refused("431 Request Header Fields Too Large", "too many header fields"));
    });
    EXPECT_EQ(app.requests, 0);
}

TEST(limits, a_body_that_says_that_it_is_too_long_is_not_read) {
    scripted app(echo);
    http::serve_options options = plain();
    options.max_body_size = 1000;
    simulate(app, options, [](std::uint16_t port) -> coro<void> {
        const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
        for (const std::string& body :
             {std::string("Content-Length: 1001\r\n\r\n"),
              std::string("Content-Length: 18446744073709551615\r\n\r\n"),
              std::string("Transfer-Encoding: chunked\r\n\r\n3e9\r\n"),
              "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n"}) {
            const std::string text = co_await say(port, head + body);
            EXPECT_THAT(text, StartsWith("HTTP/1.1 413 Content Too Large\r\n"));
            EXPECT_THAT(text, HasSubstr("connection: close\r\n"));
        }
        const std::string text =
            co_await say(port, head + "Connection: close\r\nContent-Length: 1000\r\n\r\n" +
                                   std::string(1000, 'x'));
        EXPECT_THAT(text, EndsWith("got 1000"));
    });
}

TEST(limits, a_body_that_is_malformed_is_answered_by_400) {
    scripted app(echo);
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        const std::string text = co_await say(port, head + "5\r\nhello!!\r\n0\r\n\r\n" + get);
        EXPECT_THAT(text, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
        EXPECT_THAT(text, EndsWith("connection: close\r\n\r\n"
                                   "\"a chunk that is longer than its size\""));
    });
    EXPECT_EQ(app.requests, 1) << "what follows is not taken for a request";
}

TEST(limits, a_fresh_connection_has_ten_seconds_for_its_first_header) {
    scripted app(echo);
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        const auto before = now();
        EXPECT_EQ(co_await say(port, ""), "") << "silently, for nothing was asked";
        EXPECT_GE(since(before), 10s);
        EXPECT_LT(since(before), 10100ms);

        rondo::stream s = co_await connect_to(port);
        const auto start = now();
        co_await sleep(9s);
        s.write("GET / HTTP/1.1\r\n");
        EXPECT_EQ(co_await s.read(), refused("408 Request Timeout", "the header comes too slowly"));
        EXPECT_GE(since(start), 9900ms);
        EXPECT_LT(since(start), 10100ms);
    });
    EXPECT_EQ(app.requests, 0);
}

TEST(limits, a_later_header_has_ten_seconds_from_its_first_byte) {
    scripted app(echo);
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write(get);
        co_await read_answer(s);
        co_await sleep(4s);
        const auto start = now();
        for (int i = 0; i < 9; ++i) {
            s.write("G");
            co_await sleep(1s);
        }
        EXPECT_EQ(co_await s.read(), refused("408 Request Timeout", "the header comes too slowly"));
        EXPECT_GE(since(start), 10s);
        EXPECT_LT(since(start), 10100ms);
    });
}

TEST(limits, a_connection_without_requests_is_closed_after_five_seconds) {
    scripted app(echo);
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        for (int i = 0; i < 5; ++i) {
            s.write(get);
            co_await read_answer(s);
            co_await sleep(4s);
        }
        s.write(get);
        co_await read_answer(s);
        const auto start = now();
        EXPECT_EQ(co_await s.read(), "");
        EXPECT_GE(since(start), 4900ms);
        EXPECT_LT(since(start), 5100ms);
    });
    EXPECT_EQ(app.requests, 6);
}

TEST(limits, a_handler_may_take_its_time) {
    scripted app([](http::request&, http::response& answer) -> coro<void> {
        co_await sleep(1h);
        answer = http::text("late");
    });
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write(get);
        EXPECT_THAT(co_await read_answer(s), EndsWith("late"));
        s.write(get);
        EXPECT_THAT(co_await read_answer(s), EndsWith("late"));
    });
}

TEST(limits, a_body_may_pause_for_thirty_seconds) {
    scripted app(echo);
    http::serve_options options = plain();
    options.min_body_rate = 0;
    simulate(app, options, [](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write(post);
        co_await sleep(29s);
        s.write("x");
        const auto start = now();
        co_await sleep(29s);
        s.write("x");
        const std::string text = co_await s.read();
        EXPECT_THAT(text, StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
        EXPECT_THAT(text, HasSubstr("connection: close\r\n"));
        EXPECT_GE(since(start), 59s);
        EXPECT_LT(since(start), 59100ms);
    });
}

TEST(limits, a_body_must_not_trickle) {
    scripted app(echo);
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        rondo::stream slow = co_await connect_to(port);
        const auto start = now();
        slow.write(post);
        std::string told;
        for (int i = 0; i < 60 && told.empty(); ++i) {
            slow.write(std::string(200, 'x'));
            co_await rondo::move_on_after(1s, [&]() -> coro<void> { told = co_await slow.read(); });
        }
        EXPECT_THAT(told, StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
        EXPECT_GE(since(start), 25s) << "5 s, and then it is behind by 1 s in 6";
        EXPECT_LT(since(start), 32s);

        rondo::stream silent = co_await connect_to(port);
        const auto then = now();
        silent.write(post);
        EXPECT_THAT(co_await silent.read(), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
        EXPECT_GE(since(then), 5s);
        EXPECT_LT(since(then), 5100ms);

        rondo::stream fast = co_await connect_to(port);
        fast.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n");
        for (int i = 0; i < 20; ++i) {
            fast.write(std::string(250, 'x'));
            co_await sleep(1s);
        }
        EXPECT_THAT(co_await read_answer(fast), EndsWith("got 5000"));
    });
}

TEST(limits, a_client_that_takes_nothing_loses_its_connection) {
    int left = 0;
    scripted app([&](http::request&, http::response& answer) -> coro<void> {
        answer = http::text(std::string(20'000'000, 'x'));
        ++left;
        co_return;
    });
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        auto& net = rondo::testing::running_network();
        rondo::stream s = co_await connect_to(port);
        s.write(std::string(get) + get);
        co_await sleep(29s);
        const std::size_t open = net.open_sockets();
        co_await sleep(2s);
        EXPECT_LT(net.open_sockets(), open);
    });
    EXPECT_EQ(left, 1);
}

TEST(limits, a_client_that_takes_little_keeps_its_connection) {
    scripted app([](http::request&, http::response& answer) -> coro<void> {
        answer = http::text(std::string(8'000'000, 'x'));
        co_return;
    });
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write(get);
        std::size_t got = 0;
        while (got < 8'000'000) {
            co_await sleep(20s);
            const std::string piece = co_await s.read(400'000);
            got += piece.size();
            if (piece.empty()) {
                break;
            }
        }
        EXPECT_GE(got, 8'000'000u);
    });
}

TEST(limits, further_clients_wait_while_there_are_too_many_connections) {
    scripted app(echo);
    http::serve_options options = plain();
    options.max_connections = 2;
    simulate(app, options, [](std::uint16_t port) -> coro<void> {
        rondo::stream first = co_await connect_to(port);
        rondo::stream second = co_await connect_to(port);
        rondo::stream third = co_await connect_to(port);
        first.write(get);
        second.write(get);
        third.write(get);
        co_await read_answer(first);
        co_await read_answer(second);
        co_await sleep(1s);
        const auto start = now();
        first.close();
        co_await read_answer(third);
        EXPECT_LT(since(start), 1s);
    });
}

TEST(limits, whoever_goes_in_the_middle_is_forgotten) {
    scripted app(echo);
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        auto& net = rondo::testing::running_network();
        const std::size_t before = net.open_sockets();
        for (const char* text :
             {"", "GET / HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx"}) {
            rondo::stream s = co_await connect_to(port);
            s.write(text);
            co_await sleep(100ms);
            s.close();
            co_await sleep(1s);
            EXPECT_EQ(net.open_sockets(), before) << text;
            rondo::stream broken = co_await connect_to(port);
            broken.write(text);
            co_await sleep(100ms);
            broken.abort();
            co_await sleep(1s);
            EXPECT_EQ(net.open_sockets(), before) << text;
        }
    });
    EXPECT_EQ(app.disconnects, 2);
}
