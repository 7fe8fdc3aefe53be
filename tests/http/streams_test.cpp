// SPDX-License-Identifier: MIT

// Answers whose body is made while it is sent, and what is left to do once an answer was sent.
#include "http/serving.hpp"
#include <rondo/core/sleep.hpp>
#include <rondo/rondo.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::sleep;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

struct notes {
    int pulled = 0;
    int closed = 0;
    int after = 0;
    bool sent = false;
    bool cancelled = false;
};

/// "piece 0", "piece 1" … with pauses; a pause in front of the first one as well.
class pieces final : public http::detail::body_stream {
public:
    pieces(notes& to, int count, rondo::nanoseconds pause)
        : to_(to), count_(count), pause_(pause) {}

    coro<bool> next(std::string& to) override {
        if (pause_ > 0ns) {
            try {
                co_await sleep(pause_);
            } catch (const rondo::cancelled_error&) {
                to_.cancelled = true;
                throw;
            }
        }
        if (fails_at && to_.pulled == *fails_at) {
            throw std::runtime_error("the pieces are used up");
        }
        to += "piece " + std::to_string(to_.pulled);
        ++to_.pulled;
        co_return to_.pulled < count_;
    }
    coro<void> aclose() override {
        co_await sleep(1ms);
        ++to_.closed;
    }
    std::optional<std::uint64_t> size() const noexcept override { return said; }

    std::optional<int> fails_at;
    std::optional<std::uint64_t> said;

private:
    notes& to_;
    int count_;
    rondo::nanoseconds pause_;
};

class later final : public http::detail::after_response {
public:
    explicit later(notes& to) : to_(to) {}
    coro<void> run(bool sent) override {
        co_await sleep(1s);
        ++to_.after;
        to_.sent = sent;
    }

private:
    notes& to_;
};

http::serve_options plain() {
    http::serve_options options;
    options.date_header = false;
    return options;
}

scripted::handler answer_with(notes& to, int count, rondo::nanoseconds pause,
                              std::optional<int> fails_at = {},
                              std::optional<std::uint64_t> said = {}) {
    return [=, &to](http::request&, http::response& answer) -> coro<void> {
        auto stream = rondo::make_box<pieces>(to, count, pause);
        stream->fails_at = fails_at;
        stream->said = said;
        answer = http::detail::stream_response(std::move(stream), "text/plain");
        http::detail::response_parts::after(answer) = rondo::make_box<later>(to);
        co_return;
    };
}

constexpr auto get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";

void ignore_errors() {
    rondo::get_running_loop().set_exception_handler(
        [](rondo::event_loop&, const rondo::exception_context&) {});
}

}  // namespace

TEST(streams, leave_in_chunks_as_they_are_made) {
    notes seen;
    scripted app(answer_with(seen, 3, 1s));
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        const auto before = rondo::get_running_loop().time();
        s.write(get);
        EXPECT_EQ(co_await s.readuntil("\r\n\r\n"), head + "transfer-encoding: chunked\r\n\r\n");
        EXPECT_LT(rondo::get_running_loop().time() - before, 500ms) << "the head does not wait";
        EXPECT_EQ(co_await s.readexactly(12), "7\r\npiece 0\r\n");
        EXPECT_EQ(co_await s.readexactly(12), "7\r\npiece 1\r\n");
        EXPECT_LT(rondo::get_running_loop().time() - before, 2500ms);
        EXPECT_EQ(co_await s.readexactly(17), "7\r\npiece 2\r\n0\r\n\r\n");
        s.write(get);
        EXPECT_EQ(co_await s.readuntil("\r\n\r\n"), head + "transfer-encoding: chunked\r\n\r\n")
            << "the connection goes on";
        co_await sleep(10s);
    });
    EXPECT_EQ(seen.closed, 2);
    EXPECT_EQ(seen.after, 2);
    EXPECT_TRUE(seen.sent);
}

TEST(streams, that_are_made_without_waiting_leave_together) {
    notes seen;
    scripted app(answer_with(seen, 5, 0s));
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        auto& net = rondo::testing::running_network();
        rondo::stream s = co_await connect_to(port);
        const std::size_t before = net.log().size();
        s.write(get);
        const std::string all = head + "transfer-encoding: chunked\r\n\r\n" +
                                "7\r\npiece 0\r\n7\r\npiece 1\r\n7\r\npiece 2\r\n" +
                                "7\r\npiece 3\r\n7\r\npiece 4\r\n0\r\n\r\n";
        EXPECT_EQ(co_await s.readexactly(all.size()), all);
        EXPECT_THAT(net.log().substr(before), HasSubstr("data " + std::to_string(all.size())));
    });
}

TEST(streams, of_a_known_size_are_not_chunked) {
    notes seen;
    scripted app(answer_with(seen, 2, 1ms, {}, 14));
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write(get);
        EXPECT_EQ(co_await read_answer(s), head + "content-length: 14\r\n\r\npiece 0piece 1");
    });
}

TEST(streams, to_http_1_0_end_with_the_connection) {
    notes seen;
    scripted app(answer_with(seen, 2, 1ms));
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        EXPECT_EQ(co_await say(port, "GET / HTTP/1.0\r\n\r\n"),
                  head + "connection: close\r\n\r\npiece 0piece 1");
    });
}

TEST(streams, are_not_pulled_for_head_and_closed_all_the_same) {
    notes seen;
    scripted app(answer_with(seen, 2, 1ms));
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        EXPECT_EQ(co_await say(port, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
                  head + "transfer-encoding: chunked\r\nconnection: close\r\n\r\n");
    });
    EXPECT_EQ(seen.pulled, 0);
    EXPECT_EQ(seen.closed, 1);
}

TEST(streams, that_fail_in_the_middle_do_not_look_complete) {
    notes seen;
    scripted app(answer_with(seen, 9, 1s, 2));
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        ignore_errors();
        EXPECT_THAT(co_await say(port, get), EndsWith("7\r\npiece 0\r\n7\r\npiece 1\r\n"));
    });
    EXPECT_EQ(seen.closed, 1);
}

TEST(streams, that_fail_at_once_are_answered_by_500) {
    notes seen;
    scripted app(answer_with(seen, 9, 0s, 0));
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        ignore_errors();
        const std::string text = co_await say(port, get);
        EXPECT_THAT(text, StartsWith("HTTP/1.1 500 Internal Server Error\r\n"));
        EXPECT_THAT(text, EndsWith("{\"detail\":\"Internal Server Error\"}"));
    });
    EXPECT_EQ(seen.closed, 1);
}

TEST(streams, end_when_their_client_goes) {
    notes seen;
    scripted app(answer_with(seen, 9, 1h));
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write(get);
        co_await s.readuntil("\r\n\r\n");
        s.close();
        co_await sleep(3s);
        EXPECT_TRUE(seen.cancelled);
        EXPECT_EQ(seen.closed, 1);
        EXPECT_EQ(seen.after, 1);
        EXPECT_FALSE(seen.sent);
    });
}

TEST(streams, are_pulled_only_as_fast_as_the_client_reads) {
    notes seen;
    scripted app([&](http::request&, http::response& answer) -> coro<void> {
        class flood final : public http::detail::body_stream {
        public:
            explicit flood(notes& to) : to_(to) {}
            coro<bool> next(std::string& to) override {
                to.append(100'000, 'x');
                ++to_.pulled;
                co_return true;
            }
            coro<void> aclose() override {
                ++to_.closed;
                co_return;
            }

        private:
            notes& to_;
        };
        answer = http::detail::stream_response(rondo::make_box<flood>(seen), "text/plain");
        co_return;
    });
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write(get);
        co_await sleep(5s);
        const int pulled = seen.pulled;
        EXPECT_LT(pulled, 500);
        co_await sleep(5s);
        EXPECT_EQ(seen.pulled, pulled);
        s.close();
        co_await sleep(40s);
        EXPECT_EQ(seen.closed, 1);
    });
}

TEST(streams, what_is_left_to_do_is_done_after_the_answer) {
    notes seen;
    scripted app([&](http::request& asked, http::response& answer) -> coro<void> {
        answer = http::text("done");
        http::detail::response_parts::after(answer) = rondo::make_box<later>(seen);
        co_await asked.body();
    });
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write(get);
        EXPECT_THAT(co_await read_answer(s), EndsWith("done"));
        EXPECT_EQ(seen.after, 0);
        co_await sleep(2s);
        EXPECT_EQ(seen.after, 1);
        EXPECT_TRUE(seen.sent);
    });
}

TEST(streams, a_handler_can_ask_whether_its_client_is_there) {
    std::vector<bool> gone;
    scripted app([&](http::request& asked, http::response& answer) -> coro<void> {
        co_await asked.body();
        for (int i = 0; i < 3; ++i) {
            gone.push_back(co_await asked.is_disconnected());
            co_await sleep(1s);
        }
        answer = http::text("late");
    });
    simulate(app, plain(), [&](std::uint16_t port) -> coro<void> {
        rondo::stream s = co_await connect_to(port);
        s.write(std::string(get) + "GET /next");
        co_await sleep(1500ms);
        s.close();
        co_await sleep(3s);
    });
    EXPECT_THAT(gone, testing::ElementsAre(false, false, true));
}
