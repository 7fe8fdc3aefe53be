// SPDX-License-Identifier: MIT
// Connections and servers that outlive their loop.
#include "ended_loops.hpp"
#include "errno_of.hpp"
#include <rondo/core/task.hpp>
#include <rondo/io/stream.hpp>
#include <rondo/net/open_connection.hpp>
#include <rondo/net/server.hpp>
#include <rondo/net/udp_socket.hpp>

#include <cerrno>
#include <functional>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::errno_of;
using rondo_test::errno_of_call;

namespace {

class outliving : public rondo_test::ended_loops {
protected:
    std::optional<stream> near_;
    std::optional<stream> far_;

    coro<void> connect() {
        socket listener = socket::tcp();
        listener.bind(address("127.0.0.1", 0));
        listener.listen();
        socket client = socket::tcp();
        co_await client.connect(listener.getsockname());
        socket accepted = co_await listener.accept();
        near_.emplace(std::move(client));
        far_.emplace(std::move(accepted));
    }

    /// Bytes go both ways in the next loop; or, simulated, what they went through is no more.
    coro<void> talk() {
        if (!sockets_go_on()) {
            EXPECT_EQ(co_await errno_of(near_->read(1)), ENOTSOCK);
            EXPECT_EQ(co_await errno_of(far_->read(1)), ENOTSOCK);
            co_return;
        }
        near_->write("there");
        EXPECT_EQ(co_await far_->readexactly(5), "there");
        far_->write("back");
        EXPECT_EQ(co_await near_->readexactly(4), "back");
    }
};

WHEREVER_A_LOOP_ENDS(outliving);

coro<void> read_one(stream& s) { static_cast<void>(co_await s.read(1)); }
coro<void> read_a_line(stream& s) { static_cast<void>(co_await s.readline()); }
coro<void> read_half(stream_reader& s) { static_cast<void>(co_await s.read(1)); }
coro<void> say_nothing(stream client) { static_cast<void>(co_await client.read()); }

/// Owns it, and is at work with it when the loop ends.
coro<void> send_and_read(stream given) {
    given.write(std::string(20'000'000, 'x'));
    static_cast<void>(co_await given.read(1));
}

}  // namespace

TEST_P(outliving, a_stream_that_never_waited_goes_on_in_the_next_loop) {
    run([&]() -> coro<void> { co_await connect(); });
    end_loop();
    run_in_the_next([&]() -> coro<void> { co_await talk(); });
}

TEST_P(outliving, a_stream_that_was_waited_for_goes_on_in_the_next_loop) {
    run([&]() -> coro<void> {
        co_await connect();
        static_cast<void>(create_task(read_one(*near_)));
        static_cast<void>(create_task(read_a_line(*far_)));
        co_await sleep(1ms);
    });
    end_loop();
    run_in_the_next([&]() -> coro<void> { co_await talk(); });
}

TEST_P(outliving, what_a_stream_had_not_sent_is_dropped_and_says_so) {
    run([&]() -> coro<void> {
        co_await connect();
        near_->write(std::string(20'000'000, 'x'));
    });
    EXPECT_GT(near_->write_buffer_size(), 0u);
    end_loop();
    EXPECT_EQ(near_->write_buffer_size(), 0u);
    run_in_the_next([&]() -> coro<void> {
        EXPECT_EQ(co_await errno_of(near_->drain()), ECONNABORTED);
        near_->close();
        EXPECT_EQ(co_await errno_of(near_->wait_closed()), ECONNABORTED);
    });
}

TEST_P(outliving, a_stream_that_is_destroyed_later_is_closed_then) {
    run([&]() -> coro<void> {
        co_await connect();
        static_cast<void>(create_task(read_one(*near_)));
        co_await sleep(1ms);
    });
    end_loop();
    near_.reset();
    run_in_the_next([&]() -> coro<void> {
        const int error = co_await errno_of(far_->read(1));
        EXPECT_EQ(error, sockets_go_on() ? 0 : ENOTSOCK);
        EXPECT_EQ(far_->at_eof(), sockets_go_on());
    });
}

TEST_P(outliving, a_stream_that_lingers_is_closed_with_its_loop) {
    run([&]() -> coro<void> {
        co_await connect();
        near_->write(std::string(20'000'000, 'x'));
        near_->close();
    });
    end_loop();
    EXPECT_FALSE(near_->peername());
    EXPECT_EQ(errno_of_call([&] { near_->set_option(socket_option::no_delay, 1); }), EBADF);
    run_in_the_next([&]() -> coro<void> { co_await errno_of(near_->wait_closed()); });
}

TEST_P(outliving, what_the_tasks_of_a_loop_had_open_is_closed_with_it) {
    run([&]() -> coro<void> {
        co_await connect();
        static_cast<void>(create_task(send_and_read(std::move(*near_))));
        co_await sleep(1ms);
    });
    end_loop();
    run_in_the_next([&]() -> coro<void> {
        co_await errno_of(far_->read());  // ends, with what had left, or with the reset
    });
}

TEST_P(outliving, the_halves_of_a_stream_may_go_one_by_one) {
    std::optional<stream_reader> in;
    std::optional<stream_writer> out;
    run([&]() -> coro<void> {
        co_await connect();
        auto halves = std::move(*near_).split();
        in.emplace(std::move(halves.first));
        out.emplace(std::move(halves.second));
        out->write(std::string(20'000'000, 'x'));
        static_cast<void>(create_task(read_half(*in)));
        co_await sleep(1ms);
    });
    end_loop();
    run_in_the_next([&]() -> coro<void> {
        EXPECT_EQ(co_await errno_of(out->drain()), ECONNABORTED);
        out->write("dropped");
        out.reset();
        in.reset();
        co_return;
    });
}

TEST_P(outliving, a_socket_goes_on_in_the_next_loop) {
    std::optional<socket> one;
    std::optional<socket> other;
    run([&]() -> coro<void> {
        socket listener = socket::tcp();
        listener.bind(address("127.0.0.1", 0));
        listener.listen();
        one = socket::tcp();
        co_await one->connect(listener.getsockname());
        other = co_await listener.accept();
        static_cast<void>(create_task(one->recv(1)));
        static_cast<void>(create_task(other->recv(1)));
        co_await sleep(1ms);
    });
    end_loop();
    run_in_the_next([&]() -> coro<void> {
        if (!sockets_go_on()) {
            EXPECT_EQ(co_await errno_of(one->recv(1)), ENOTSOCK);
            EXPECT_EQ(co_await errno_of(other->send("x")), ENOTSOCK);
            co_return;
        }
        co_await one->sendall("x");
        EXPECT_EQ(co_await other->recv(1), "x");
    });
}

TEST_P(outliving, a_udp_socket_goes_on_in_the_next_loop) {
    if (!sockets_go_on()) {
        return;  // simulated networks have no datagrams
    }
    std::optional<udp_socket> s;
    run([&]() -> coro<void> {
        s.emplace(address("127.0.0.1", 0));
        static_cast<void>(create_task(s->recv_from()));
        co_await sleep(1ms);
    });
    end_loop();
    run_in_the_next([&]() -> coro<void> {
        co_await s->send_to("x", s->getsockname());
        const datagram got = co_await s->recv_from();
        EXPECT_EQ(got.data, "x");
    });
}

TEST_P(outliving, a_server_serves_no_more_until_it_is_started_in_the_next_loop) {
    std::optional<server> server;
    std::optional<stream> client;
    run([&]() -> coro<void> {
        server = co_await start_server(say_nothing, "127.0.0.1", 0);
        client = co_await open_connection("127.0.0.1", server->port());
        while (server->connections() == 0) {
            co_await sleep(1ms);
        }
        EXPECT_TRUE(server->is_serving());
    });
    end_loop();
    EXPECT_FALSE(server->is_serving());
    EXPECT_EQ(server->connections(), 0u);
    EXPECT_THROW(server->start_serving(), std::runtime_error) << "no loop runs";
    run_in_the_next([&]() -> coro<void> {
        if (!sockets_go_on()) {
            EXPECT_THROW(server->start_serving(), std::system_error);
            co_return;
        }
        auto serving = create_task(server->serve_forever());
        auto next = co_await open_connection("127.0.0.1", server->port());
        next.close();
        const bool in_time = co_await server->shutdown(10s);
        EXPECT_TRUE(in_time);
        co_await serving;
    });
}

TEST_P(outliving, a_server_may_be_closed_or_destroyed_later) {
    std::optional<server> closed;
    std::optional<server> destroyed;
    run([&]() -> coro<void> {
        closed = co_await start_server(say_nothing, "127.0.0.1", 0);
        destroyed = co_await start_server(say_nothing, "127.0.0.1", 0);
        co_await sleep(1ms);
    });
    end_loop();
    closed->close_clients();
    closed->abort_clients();
    closed->close();
    EXPECT_TRUE(closed->sockets().empty());
    destroyed.reset();
    run_in_the_next([&]() -> coro<void> {
        co_await closed->wait_closed();
        co_await closed->serve_forever();
    });
}
