// SPDX-License-Identifier: MIT

// What a server says to a client that speaks HTTP/1.1 well.
#include "http/serving.hpp"
#include <rondo/core/sleep.hpp>
#include <rondo/rondo.hpp>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::sleep;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

/// "GET /path": answers with what it was asked for.
coro<void> echo(http::request& asked, http::response& answer) {
    const std::string_view body = co_await asked.body();
    answer = http::text(std::string(asked.method()) + " " + std::string(asked.target()) + " " +
                        std::string(body));
}

http::serve_options plain() {
    http::serve_options options;
    options.date_header = false;
    return options;
}

std::string get(std::string_view path, std::string_view more = "") {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(more) + "\r\n";
}

constexpr std::string_view text_head =
    "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\n";

std::string answer(std::string_view body, std::string_view more = "") {
    return std::string(text_head) + "content-length: " + std::to_string(body.size()) + "\r\n" +
           std::string(more) + "\r\n" + std::string(body);
}

}  // namespace

TEST(connection, answers_requests_one_after_the_other) {
    scripted app(echo);
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        for (int i = 0; i < 3; ++i) {
            s.write(get("/" + std::to_string(i)));
            EXPECT_EQ(co_await read_answer(s), answer("GET /" + std::to_string(i) + " "));
        }
        s.write(get("/last", "Connection: close\r\n"));
        EXPECT_EQ(co_await s.read(), answer("GET /last ", "connection: close\r\n"));
    });
    EXPECT_EQ(app.requests, 4);
}

TEST(connection, answers_pipelined_requests_in_order) {
    scripted app([](http::request& asked, http::response& answer) -> coro<void> {
        if (asked.path() == "/slow") {
            co_await sleep(1s);
        }
        co_await echo(asked, answer);
    });
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write(get("/1") + get("/2") + get("/slow") + get("/3", "Connection: close\r\n") +
                get("/never"));
        const auto before = rondo::get_running_loop().time();
        EXPECT_EQ(co_await read_answer(s), answer("GET /1 "));
        EXPECT_EQ(co_await read_answer(s), answer("GET /2 "));
        EXPECT_LT(rondo::get_running_loop().time() - before, 500ms)
            << "ready answers do not wait for one that is not";
        EXPECT_EQ(co_await s.read(),
                  answer("GET /slow ") + answer("GET /3 ", "connection: close\r\n"));
    });
    EXPECT_EQ(app.requests, 4);
}

TEST(connection, sends_pipelined_answers_together) {
    scripted app(echo);
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        auto& net = rondo::testing::running_network();
        rondo::stream s = co_await connect_to(port);
        const std::size_t before = net.log().size();
        std::string asked;
        std::string expected;
        for (int i = 0; i < 10; ++i) {
            asked += get("/" + std::to_string(i));
            expected += answer("GET /" + std::to_string(i) + " ");
        }
        s.write(asked);
        EXPECT_EQ(co_await s.readexactly(expected.size()), expected);
        const std::string log = net.log().substr(before);
        EXPECT_THAT(log, HasSubstr("data " + std::to_string(expected.size()))) << log;
    });
}

TEST(connection, takes_bodies_of_a_known_length_and_in_chunks) {
    scripted app(echo);
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        EXPECT_EQ(co_await read_answer(s), answer("POST /a hello"));
        s.write("POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        co_await sleep(10ms);
        s.write("5\r\nhel");
        co_await sleep(10ms);
        s.write("lo\r\n7;x=y\r\n, world\r\n0\r\nT: 1\r\n\r\n" + get("/c"));
        EXPECT_EQ(co_await read_answer(s), answer("POST /b hello, world"));
        EXPECT_EQ(co_await read_answer(s), answer("GET /c "));
    });
}

TEST(connection, gives_a_body_in_pieces) {
    std::vector<std::string> pieces;
    scripted app([&](http::request& asked, http::response& answer) -> coro<void> {
        auto reader = asked.stream();
        while (auto piece = co_await reader.next()) {
            pieces.emplace_back(*piece);
        }
        answer = http::text(std::string(co_await asked.body()) + "done");
    });
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nab");
        co_await sleep(1s);
        s.write("cd");
        co_await sleep(1s);
        s.write("ef");
        EXPECT_EQ(co_await read_answer(s), answer("done"));
    });
    EXPECT_THAT(pieces, testing::ElementsAre("ab", "cd", "ef"));
}

TEST(connection, lets_a_client_go_on_when_its_body_is_wanted) {
    scripted app([](http::request& asked, http::response& answer) -> coro<void> {
        if (asked.path() == "/refused") {
            answer = http::text("no", 403);
            co_return;
        }
        co_await echo(asked, answer);
    });
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        const std::string more = "Content-Length: 5\r\nExpect: 100-continue\r\n";
        rondo::stream s = co_await connect_to(port);
        s.write(get("/", more));
        EXPECT_EQ(co_await s.readuntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
        s.write("hello");
        EXPECT_EQ(co_await read_answer(s), answer("GET / hello"));
        s.write(get("/", more) + "hello");
        EXPECT_EQ(co_await read_answer(s), answer("GET / hello"))
            << "who does not wait is not told";
        s.write(get("/refused", more));
        EXPECT_THAT(co_await s.read(), HasSubstr("connection: close\r\n\r\nno"));
    });
}

TEST(connection, skips_a_body_that_nobody_read) {
    scripted app([](http::request&, http::response& answer) -> coro<void> {
        answer = http::text("no");
        co_return;
    });
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\nab");
        EXPECT_EQ(co_await read_answer(s), answer("no"));
        s.write(std::string(59'998, 'x') + get("/"));
        EXPECT_EQ(co_await read_answer(s), answer("no"));
        s.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\nab");
        EXPECT_EQ(co_await s.read(), answer("no", "connection: close\r\n"));
    });
}

TEST(connection, waits_a_second_for_a_body_that_nobody_read) {
    scripted app([](http::request&, http::response& answer) -> coro<void> {
        answer = http::text("no");
        co_return;
    });
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab");
        const auto before = rondo::get_running_loop().time();
        EXPECT_EQ(co_await s.read(), answer("no"));
        const auto took = rondo::get_running_loop().time() - before;
        EXPECT_GE(took, 1s);
        EXPECT_LT(took, 1500ms);
    });
}

TEST(connection, sends_no_body_where_there_is_none) {
    scripted app([](http::request& asked, http::response& answer) -> coro<void> {
        answer = http::text("hello");
        answer.status_code = asked.path() == "/204" ? 204 : asked.path() == "/304" ? 304 : 200;
        co_return;
    });
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"));
        EXPECT_EQ(co_await s.readuntil("\r\n\r\n"),
                  std::string(text_head) + "content-length: 5\r\n\r\n");
        EXPECT_EQ(co_await read_answer(s), answer("hello"));
        s.write(get("/204") + get("/304") + get("/"));
        EXPECT_THAT(co_await s.readuntil("\r\n\r\n"), testing::Not(HasSubstr("content-length")));
        EXPECT_THAT(co_await s.readuntil("\r\n\r\n"), StartsWith("HTTP/1.1 304 Not Modified\r\n"));
        EXPECT_EQ(co_await read_answer(s), answer("hello"));
    });
}

TEST(connection, speaks_http_1_0) {
    scripted app(echo);
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        EXPECT_EQ(co_await say(port, "GET /x HTTP/1.0\r\n\r\n"),
                  answer("GET /x ", "connection: close\r\n"));
        EXPECT_EQ(co_await say(port, "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
                  answer("GET /x ", "connection: close\r\n"));
    });
}

TEST(connection, owns_the_headers_of_the_connection) {
    scripted app([](http::request& asked, http::response& answer) -> coro<void> {
        answer = http::text("hello");
        answer.headers.set("Content-Length", "99");
        answer.headers.set("Transfer-Encoding", "gzip");
        if (asked.path() == "/close") {
            answer.headers.set("Connection", "Close");
        }
        co_return;
    });
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        EXPECT_EQ(co_await say(port, get("/") + get("/close")),
                  answer("hello") + answer("hello", "connection: close\r\n"));
    });
}

TEST(connection, says_date_and_server_if_asked_to) {
    scripted app(echo);
    http::serve_options options;
    options.server_header = "rondo";
    simulate(app, options, [](std::uint16_t port) -> coro<void> {
        const std::string text = co_await say(port, get("/", "Connection: close\r\n"));
        EXPECT_THAT(text,
                    testing::ContainsRegex(
                        "\r\ndate: [A-Z][a-z][a-z], [0-9 A-Za-z:]* GMT\r\nserver: rondo\r\n"));
    });
}

TEST(connection, sends_long_answers_whole) {
    const std::string body(3'000'000, 'x');
    scripted app([&](http::request&, http::response& answer) -> coro<void> {
        answer = http::text(body);
        co_return;
    });
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write(get("/") + get("/", "Connection: close\r\n"));
        EXPECT_EQ(co_await read_answer(s), answer(body));
        EXPECT_EQ(co_await s.read(), answer(body, "connection: close\r\n"));
    });
}

TEST(connection, ends_after_so_many_requests) {
    scripted app(echo);
    http::serve_options options = plain();
    options.max_requests_per_connection = 2;
    simulate(app, options, [](std::uint16_t port) -> coro<void> {
        EXPECT_EQ(co_await say(port, get("/1") + get("/2") + get("/3")),
                  answer("GET /1 ") + answer("GET /2 ", "connection: close\r\n"));
    });
}

TEST(connection, knows_its_client_and_those_behind_proxies_that_it_trusts) {
    scripted app([](http::request& asked, http::response& answer) -> coro<void> {
        answer = http::text(asked.client().host() + " " + std::string(asked.scheme()));
        co_return;
    });
    simulate(app, plain(), [](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write(get("/", "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n"));
        const std::string first = co_await read_answer(s);
        s.write(get("/"));
        const std::string second = co_await read_answer(s);
        const std::string own = s.sockname().host();
        const bool trusted = own == "127.0.0.1";
        EXPECT_EQ(first, answer(trusted ? "1.2.3.4 https" : own + " http"));
        EXPECT_EQ(second, answer(own + " http"));
    });
    http::serve_options trusting = plain();
    trusting.forwarded_allow_ips = "*";
    simulate(app, trusting, [](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write(get("/", "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n"));
        EXPECT_EQ(co_await read_answer(s), answer("1.2.3.4 https"));
        s.write(get("/", "X-Forwarded-For: unknown\r\n"));
        EXPECT_EQ(co_await read_answer(s), answer(s.sockname().host() + " http"));
    });
}
