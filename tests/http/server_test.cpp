// SPDX-License-Identifier: MIT

// How a server begins and ends; and, over real sockets, what curl says of it.
#include "http/serving.hpp"
#include "net/on_kernel.hpp"
#include "net/temporary_path.hpp"
#include <rondo/core/sleep.hpp>
#include <rondo/rondo.hpp>

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::sleep;
using testing::EndsWith;
using testing::HasSubstr;

namespace {

http::serve_options plain() {
    http::serve_options options;
    options.date_header = false;
    return options;
}

/// "/slow": after two seconds; "/for_ever": never.
coro<void> slowly(http::request& asked, http::response& answer) {
    if (asked.path() == "/slow") {
        co_await sleep(2s);
    } else if (asked.path() == "/for_ever") {
        co_await sleep(1000h);
    }
    answer = http::text("done");
}

std::string get(std::string_view path) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

/// What the shell command prints.
std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    std::string all;
    std::array<char, 4096> memory;
    while (const auto got = std::fread(memory.data(), 1, memory.size(), pipe.get())) {
        all.append(memory.data(), got);
    }
    return all;
}

class http_server : public on_kernel {};
ON_EVERY_KERNEL_DRIVER(http_server);

}  // namespace

TEST(ending, lets_requests_end_and_closes_idle_connections) {
    scripted app(slowly);
    rondo::task<std::string> reading;
    std::string from_idle = "unset";
    rondo::task<void> idle;
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        reading = rondo::create_task(say(port, get("/slow") + get("/never")));
        idle = rondo::create_task(
            [](std::uint16_t at, std::string& to) -> coro<void> {
                rondo::stream s = co_await connect_to(at);
                s.write(get("/"));
                co_await read_answer(s);
                to = co_await s.read();
            },
            port, std::ref(from_idle));
        co_await sleep(100ms);
    });
    EXPECT_THAT(std::move(reading).take_result(), EndsWith("connection: close\r\n\r\ndone"));
    EXPECT_EQ(from_idle, "");
    EXPECT_EQ(app.requests, 2);
}

TEST(ending, cancels_what_does_not_end_in_time) {
    bool cancelled = false;
    scripted app([&](http::request&, http::response&) -> coro<void> {
        try {
            co_await sleep(1000h);
        } catch (const rondo::cancelled_error&) {
            cancelled = true;
            throw;
        }
    });
    rondo::task<std::string> reading;
    rondo::testing::run([&]() -> coro<void> {
        rondo::time_point before{};
        co_await serve_while(app, plain(), [&](std::uint16_t port) -> coro<void> {
            reading = rondo::create_task(say(port, get("/")));
            co_await sleep(1s);
            before = rondo::get_running_loop().time();
        });
        const auto took = rondo::get_running_loop().time() - before;
        EXPECT_GE(took, 10s);
        EXPECT_LT(took, 11s);
        EXPECT_TRUE(cancelled);
        EXPECT_EQ(co_await reading, "");
    }());
}

TEST(ending, refuses_new_clients_at_once) {
    scripted app(slowly);
    bool refused = false;
    rondo::task<void> late;
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        late = rondo::create_task(
            [](std::uint16_t at, bool& to) -> coro<void> {
                auto slow = rondo::create_task(say(at, get("/slow")));
                co_await sleep(1s);
                try {
                    co_await say(at, get("/"));
                } catch (const std::system_error&) {
                    to = true;
                }
                co_await slow;
            },
            port, std::ref(refused));
        co_await sleep(500ms);
    });
    EXPECT_TRUE(refused);
}

TEST_P(http_server, is_understood_by_curl) {
    run([&]() -> coro<void> {
        scripted app([](http::request& asked, http::response& answer) -> coro<void> {
            const std::string_view body = co_await asked.body();
            answer = http::text(std::string(asked.method()) + " " + std::string(asked.path()) +
                                " " + std::to_string(body.size()) + "\n");
        });
        co_await serve_while(app, plain(), [](std::uint16_t port) -> coro<void> {
            const std::string url = "http://127.0.0.1:" + std::to_string(port);
            const auto curl = [](const std::string& arguments) {
                return rondo::to_thread(output_of, "curl -s -S --max-time 10 2>&1 " + arguments);
            };
            EXPECT_EQ(co_await curl(url + "/a%20b"), "GET /a b 0\n");
            EXPECT_EQ(co_await curl("-d hello " + url + "/x " + url + "/y"),
                      "POST /x 5\nPOST /y 5\n");
            EXPECT_EQ(co_await curl("-I " + url),
                      "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\n"
                      "content-length: 9\r\n\r\n");
            EXPECT_EQ(co_await curl("-0 " + url), "GET / 0\n");
            EXPECT_EQ(co_await curl("-X PUT -H 'Transfer-Encoding: chunked' -d hello " + url),
                      "PUT / 5\n");
            EXPECT_EQ(co_await curl("-H 'Expect: 100-continue' --data-binary @/proc/self/exe " +
                                    url + " -o /dev/null -w '%{http_code}'"),
                      "200");
        });
    });
}

TEST_P(http_server, listens_at_a_unix_socket_and_at_one_that_is_bound) {
    run([&]() -> coro<void> {
        scripted app(slowly);
        const temporary_path at;
        const std::string& path = at.string();
        http::serve_options options = plain();
        options.uds = path;
        auto serving = rondo::create_task(http::detail::serve(app, options));
        co_await sleep(0s);
        rondo::stream s = co_await rondo::open_unix_connection(path);
        s.write(get("/"));
        EXPECT_THAT(co_await read_answer(s), EndsWith("done"));
        serving.cancel();
        EXPECT_THROW(co_await serving, rondo::cancelled_error);

        rondo::socket bound = rondo::socket::tcp();
        bound.bind("127.0.0.1", 0);
        const rondo::address where = bound.getsockname();
        http::serve_options given = plain();
        given.fd = bound.detach();
        auto again = rondo::create_task(http::detail::serve(app, given));
        co_await sleep(0s);
        EXPECT_THAT(co_await say(where.port(), "GET / HTTP/1.0\r\n\r\n"), EndsWith("done"));
        again.cancel();
        EXPECT_THROW(co_await again, rondo::cancelled_error);
    });
}

TEST(running, ends_at_sigterm) {
    scripted app(slowly);
    const temporary_path at;
    http::serve_options options = plain();
    const std::string& path = at.string();
    options.uds = path;
    std::string said;
    testing::internal::CaptureStderr();
    std::thread client([&] {
        const std::string curl =
            "curl -s --max-time 10 --retry 20 --retry-delay 0 "
            "--retry-all-errors --retry-max-time 10 --unix-socket ";
        said = output_of(curl + path + " http://a/");
        ::kill(::getpid(), SIGTERM);
    });
    http::detail::run(app, options);
    client.join();
    EXPECT_EQ(said, "done");
    EXPECT_EQ(testing::internal::GetCapturedStderr(),
              "rondo: serving at " + path + " (Ctrl-C ends it)\n");
    EXPECT_FALSE(at.exists());
}

TEST_P(http_server, writes_a_line_for_each_request) {
    std::string text;
    testing::internal::CaptureStdout();
    run([&]() -> coro<void> {
        scripted app(slowly);
        http::serve_options options = plain();
        options.access_log = true;
        co_await serve_while(app, options, [](std::uint16_t port) -> coro<void> {
            const std::string answers =
                co_await say(port, get("/a?b=\"c\"") + "HEAD /d HTTP/1.0\r\n\r\n");
            EXPECT_THAT(answers, HasSubstr("done"));
        });
    });
    text = testing::internal::GetCapturedStdout();
    EXPECT_THAT(text,
                testing::MatchesRegex(
                    "127\\.0\\.0\\.1 - - \\[[^]]*\\] \"GET /a\\?b=%22c%22 HTTP/1\\.1\" 200 4 "
                    "[0-9.]*\n"
                    "127\\.0\\.0\\.1 - - \\[[^]]*\\] \"HEAD /d HTTP/1\\.0\" 200 0 [0-9.]*\n"));
}
