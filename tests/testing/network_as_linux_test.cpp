// SPDX-License-Identifier: MIT

// How connections end: the simulated network does what the kernel does.
#include "errno_of.hpp"
#include <rondo/rondo.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace sim = rondo::testing;
using rondo_test::errno_of;
using sim::network_link;

namespace {

/// Two ends of one TCP connection.
struct ends {
    ends(socket a, socket b) : near(std::move(a)), far(std::move(b)) {}
    socket near;
    socket far;
};

coro<ends> connected() {
    socket listener = socket::tcp();
    listener.bind("127.0.0.1", 0);
    listener.listen();
    socket client = socket::tcp();
    co_await client.connect(listener.getsockname());
    socket accepted = co_await listener.accept();
    co_return ends(std::move(client), std::move(accepted));
}

/// Until what was sent is there.
coro<void> arrival() { return sleep(5ms); }

/// Sends until there is no room; how much went.
coro<std::size_t> fill(socket& s) {
    const std::string piece(64 * 1024, 'x');
    std::size_t sent = 0;
    for (bool goes = true; goes;) {
        const auto send = [&]() -> coro<void> { sent += co_await s.send(piece); };
        goes = co_await move_on_after(20ms, send);
    }
    co_return sent;
}

/// What can be read, and how that ends: 0 for the end.
struct reading {
    reading() = default;
    std::size_t bytes = 0;
    int error = 0;
};

coro<reading> read_all(socket& s) {
    reading result;
    std::string piece = "x";
    while (!piece.empty() && result.error == 0) {
        piece.clear();
        try {
            piece = co_await s.recv(64 * 1024);
        } catch (const std::system_error& e) {
            result.error = e.code().value();
        }
        result.bytes += piece.size();
    }
    co_return result;
}

class as_linux : public ::testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        try {
            make_loop();
        } catch (const std::system_error& e) {
            GTEST_SKIP() << "no " << GetParam() << " here: " << e.what();
        }
    }
    static box<event_loop> make_loop() {
        const std::string_view driver = GetParam();
        if (driver == "sim") {
            return sim::make_sim_loop(7, network_link{.latency = 1ms, .window = 4 << 20});
        }
        return make_box<event_loop>(driver == "epoll" ? driver_kind::epoll : driver_kind::io_uring);
    }
    static void run(coro<void> main) { sim::run_on(make_loop(), std::move(main)); }
};

INSTANTIATE_TEST_SUITE_P(on, as_linux, ::testing::Values("epoll", "io_uring", "sim"),
                         [](const auto& of) { return std::string(of.param); });

}  // namespace

TEST_P(as_linux, what_arrived_before_a_reset_can_be_read) {
    run([]() -> coro<void> {
        ends c = co_await connected();
        co_await c.near.send("never read");
        co_await arrival();
        co_await c.far.send("hello");
        c.far.close();
        co_await arrival();
        const reading got = co_await read_all(c.near);
        EXPECT_EQ(got.bytes, 5u);
        EXPECT_EQ(got.error, ECONNRESET);
        EXPECT_EQ(co_await errno_of(c.near.recv(1)), 0) << "it is told once";
        EXPECT_EQ(co_await errno_of(c.near.send("x")), EPIPE);
    }());
}

TEST_P(as_linux, who_closes_with_something_unread_takes_back_what_the_peer_has_no_room_for) {
    run([]() -> coro<void> {
        ends c = co_await connected();
        co_await c.near.send("never read");
        co_await arrival();
        const std::size_t sent = co_await fill(c.far);
        c.far.close();
        co_await arrival();
        const reading got = co_await read_all(c.near);
        EXPECT_GT(got.bytes, 0u);
        EXPECT_LT(got.bytes, sent);
        EXPECT_EQ(got.error, ECONNRESET);
    }());
}

TEST_P(as_linux, who_closes_with_everything_read_sends_all) {
    run([]() -> coro<void> {
        ends c = co_await connected();
        const std::size_t sent = co_await fill(c.far);
        c.far.close();
        const reading got = co_await read_all(c.near);
        EXPECT_EQ(got.bytes, sent);
        EXPECT_EQ(got.error, 0);
    }());
}

TEST_P(as_linux, what_comes_for_a_closed_socket_takes_back_what_it_had_to_send) {
    run([]() -> coro<void> {
        ends c = co_await connected();
        const std::size_t sent = co_await fill(c.far);
        c.far.close();
        co_await arrival();
        co_await c.near.send("too late");
        co_await arrival();
        const reading got = co_await read_all(c.near);
        EXPECT_GT(got.bytes, 0u);
        EXPECT_LT(got.bytes, sent);
        EXPECT_EQ(got.error, ECONNRESET);
    }());
}

TEST_P(as_linux, an_end_that_came_before_a_reset_is_what_a_reader_finds) {
    run([]() -> coro<void> {
        ends c = co_await connected();
        co_await c.far.send("hello");
        c.far.close();
        co_await arrival();
        EXPECT_EQ(co_await errno_of(c.near.send("anybody?")), 0);
        co_await arrival();
        const reading got = co_await read_all(c.near);
        EXPECT_EQ(got.bytes, 5u);
        EXPECT_EQ(got.error, 0);
        EXPECT_EQ(co_await errno_of(c.near.send("x")), EPIPE);
    }());
}

TEST_P(as_linux, bytes_for_a_socket_that_is_shut_down_both_ways_reset_both_ends) {
    run([]() -> coro<void> {
        ends c = co_await connected();
        c.far.shutdown(shutdown_how::both);
        co_await arrival();
        co_await c.near.send("x");
        co_await arrival();
        EXPECT_EQ(co_await errno_of(c.near.send("x")), EPIPE);
        EXPECT_EQ(co_await errno_of(c.far.recv(1)), ECONNRESET);
    }());
}

TEST_P(as_linux, a_peer_that_closes_without_reading_sends_what_it_wrote_before) {
    run([]() -> coro<void> {
        ends c = co_await connected();
        co_await c.far.send("hello");
        c.far.shutdown(shutdown_how::write);
        co_await arrival();
        co_await c.near.send("more");
        c.near.close();
        co_await arrival();
        const reading got = co_await read_all(c.far);
        EXPECT_EQ(got.bytes, 4u);
        EXPECT_EQ(got.error, ECONNRESET);
    }());
}

TEST_P(as_linux, a_writer_that_found_no_room_is_told_when_much_was_read) {
    run([]() -> coro<void> {
        ends c = co_await connected();
        const std::size_t sent = co_await fill(c.far);
        auto sending = create_task(c.far.send("x"));
        std::size_t read = 0;
        while (!sending.done()) {
            read += (co_await c.near.recv(16 * 1024)).size();
            co_await arrival();
        }
        EXPECT_GT(read, sent / 8) << "not at each byte";
        EXPECT_LT(read, sent);
        co_await sending;
    }());
}
