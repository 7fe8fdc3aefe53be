// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "connections.hpp"

#include <cerrno>
#include <optional>
#include <set>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;

namespace {

/// No descriptor can be had in this process while it lives; there are gaps no more.
class no_descriptors {
public:
    no_descriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const int first_free = ::dup(0);
        ::close(first_free);
        const rlimit none{static_cast<rlim_t>(first_free), before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    no_descriptors(const no_descriptors&) = delete;
    no_descriptors& operator=(const no_descriptors&) = delete;
    ~no_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

coro<rondo::socket> connected_to(const address& at) {
    rondo::socket s = rondo::socket::for_address(at);
    co_await s.connect(at);
    co_return s;
}

}  // namespace

BEHAVIOUR(B235_each_connection_has_one_handler_in_order_and_its_end_is_told_once) {
    run([&]() -> coro<void> {
        const auto handler = [this](stream client) -> coro<void> {
            const std::string name = co_await client.readline();
            note("begin " + name.substr(0, 1));
            while (!(co_await client.readline()).empty()) {
                note("line");
            }
            EXPECT_EQ(co_await client.readline(), "");  // the end stays the end
            note("end " + name.substr(0, 1));
        };
        auto server = co_await start_server(handler, "127.0.0.1", 0);
        auto a = co_await open_connection("127.0.0.1", server.port());
        auto b = co_await open_connection("127.0.0.1", server.port());
        a.write("a\n");
        while (notes().size() < 1) {
            co_await sleep(1ms);
        }
        b.write("b\nmore\n");
        while (notes().size() < 3) {
            co_await sleep(1ms);
        }
        EXPECT_EQ(server.connections(), 2u);
        a.close();
        while (notes().size() < 4) {
            co_await sleep(1ms);
        }
        b.abort();
        server.close();
        co_await server.wait_closed();
        EXPECT_EQ(server.connections(), 0u);
    });
    EXPECT_EQ(trace(), "begin a begin b line end a end b");
}

BEHAVIOUR(B239_a_client_without_descriptors_is_told_the_limit_and_leaks_nothing) {
    run([&]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        const int before = ::dup(0);
        ::close(before);
        {
            const no_descriptors none;
            for (const char* host : {"127.0.0.1", "localhost"}) {
                std::string message = "none";
                try {
                    co_await open_connection(host, server.port());
                } catch (const std::system_error& e) {
                    EXPECT_EQ(e.code().value(), EMFILE);
                    message = e.what();
                }
                const std::string limit = "has all the " + std::to_string(before) + " descriptors";
                EXPECT_NE(message.find(limit), std::string::npos) << message;
            }
        }
        const int after = ::dup(0);
        ::close(after);
        EXPECT_EQ(after, before);
        auto client = co_await open_connection("127.0.0.1", server.port());
        client.write("now");
        EXPECT_EQ(co_await client.readexactly(3), "now");
    });
}

BEHAVIOUR(B245_close_stops_accepting_and_wait_closed_waits_for_the_connections) {
    run([&]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        const auto at = server.sockets().front();
        auto client = co_await open_connection("127.0.0.1", server.port());
        client.write("1");
        EXPECT_EQ(co_await client.read(1), "1");
        server.close();
        server.close();
        EXPECT_EQ(co_await errno_of(connected_to(at)), ECONNREFUSED);
        auto closed = create_task(server.wait_closed());
        client.write("2");
        EXPECT_EQ(co_await client.read(1), "2");
        EXPECT_FALSE(closed.done());
        client.close();
        co_await closed;
        EXPECT_THROW(server.start_serving(), std::runtime_error);
    });
}

BEHAVIOUR(B245_a_server_may_be_bound_first_and_serve_later) {
    run([&]() -> coro<void> {
        server_options later;
        later.start_serving = false;
        auto server = co_await start_server(echo, "127.0.0.1", 0, later);
        const auto at = server.sockets().front();
        EXPECT_NE(at.port(), 0);
        EXPECT_FALSE(server.is_serving());
        EXPECT_EQ(co_await errno_of(connected_to(at)), ECONNREFUSED);
        auto serving = create_task(server.serve_forever());
        co_await yield_now();
        EXPECT_TRUE(server.is_serving());
        auto client = co_await open_connection("127.0.0.1", at.port());
        client.write("hello");
        EXPECT_EQ(co_await client.readexactly(5), "hello");
        serving.cancel();
        EXPECT_THROW(co_await serving, cancelled_error);
        EXPECT_FALSE(server.is_serving());
    });
}

BEHAVIOUR(B245_close_clients_sends_what_was_written_and_reads_give_the_end) {
    run([&]() -> coro<void> {
        const auto handler = [this](stream client) -> coro<void> {
            client.write("last words");
            EXPECT_EQ(co_await client.readline(), "");
            client.write("dropped");
            note("handler ended");
        };
        auto server = co_await start_server(handler, "127.0.0.1", 0);
        auto client = co_await open_connection("127.0.0.1", server.port());
        EXPECT_EQ(co_await client.read(5), "last ");
        server.close();
        server.close_clients();
        co_await server.wait_closed();
        EXPECT_EQ(trace(), "handler ended");
        EXPECT_EQ(co_await client.read(), "words");
    });
}

BEHAVIOUR(B245_abort_clients_drops_what_is_kept_and_a_drain_throws) {
    run([&]() -> coro<void> {
        get_running_loop().set_exception_handler(
            [this](event_loop&, const exception_context& what) { note(what.message); });
        const auto handler = [this](stream client) -> coro<void> {
            congest(client);
            const int code = co_await errno_of(client.drain());
            note(code == ECONNABORTED ? "aborted" : "not aborted");
            EXPECT_EQ(client.write_buffer_size(), 0u);
            co_await client.drain();  // throws, which nobody needs to hear of
        };
        auto server = co_await start_server(handler, "127.0.0.1", 0);
        auto client = co_await open_connection("127.0.0.1", server.port());
        EXPECT_EQ(co_await client.read(1), "x");
        server.close();
        server.abort_clients();
        co_await server.wait_closed();
        EXPECT_EQ(trace(), "aborted");
    });
}

BEHAVIOUR(B245_shutdown_gives_the_handlers_time_to_end_by_themselves) {
    run([&]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        const auto at = server.sockets().front();
        auto client = co_await open_connection("127.0.0.1", server.port());
        client.write("1");
        EXPECT_EQ(co_await client.read(1), "1");
        auto ending = create_task(server.shutdown(1h));
        co_await yield_now();
        EXPECT_EQ(co_await errno_of(connected_to(at)), ECONNREFUSED);
        client.write("2");
        EXPECT_EQ(co_await client.read(1), "2");
        EXPECT_FALSE(ending.done());
        client.close();
        EXPECT_TRUE(co_await ending);
        EXPECT_TRUE(co_await server.shutdown(0s));
    });
}

BEHAVIOUR(B245_shutdown_cancels_those_who_take_longer_until_they_have_ended) {
    run([&]() -> coro<void> {
        const auto stubborn = [this](stream client) -> coro<void> {
            congest(client);
            for (int i = 0; i < 3; ++i) {
                try {
                    co_await sleep(1h);
                } catch (const cancelled_error&) {
                    note("cancelled");
                }
            }
        };
        auto server = co_await start_server(stubborn, "127.0.0.1", 0);
        auto client = co_await open_connection("127.0.0.1", server.port());
        EXPECT_EQ(co_await client.read(1), "x");
        EXPECT_FALSE(co_await server.shutdown(5ms));
        EXPECT_EQ(trace(), "cancelled cancelled cancelled");
        EXPECT_EQ(server.connections(), 0u);
    });
}

BEHAVIOUR(B245_a_shutdown_that_is_cancelled_leaves_the_handlers_alone) {
    run([&]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        auto client = co_await open_connection("127.0.0.1", server.port());
        client.write("1");
        EXPECT_EQ(co_await client.read(1), "1");
        auto ending = create_task(server.shutdown(1h));
        co_await yield_now();
        ending.cancel();
        EXPECT_THROW(co_await ending, cancelled_error);
        client.write("2");
        EXPECT_EQ(co_await client.read(1), "2");
    });
}

BEHAVIOUR(B246_without_descriptors_waiting_clients_are_turned_away_and_the_listener_stays) {
    run([&]() -> coro<void> {
        get_running_loop().set_exception_handler(
            [this](event_loop&, const exception_context& what) { note(what.message); });
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        const auto at = server.sockets().front();
        rondo::socket early = rondo::socket::tcp();
        rondo::socket late = rondo::socket::tcp();
        const auto before = get_running_loop().time();
        {
            const no_descriptors none;
            co_await early.connect(at);
            EXPECT_EQ(co_await early.recv(1), "");  // closed at once, instead of left waiting
            co_await late.connect(at);
            co_await sleep(simulated() ? 1ms : 30ms);
        }
        EXPECT_EQ(trace(), "a server could not accept a connection");  // once: it does not spin
        EXPECT_TRUE(server.is_serving());
        if (!simulated()) {
            co_return;  // the pause takes a second
        }
        co_await late.sendall("hello");
        EXPECT_EQ(co_await late.recv(5), "hello");
        EXPECT_GE(get_running_loop().time() - before, 1s);
    });
}

BEHAVIOUR(B246_a_connection_that_is_reset_before_it_is_accepted_disturbs_nobody) {
    run([&]() -> coro<void> {
        get_running_loop().set_exception_handler(
            [](event_loop&, const exception_context&) {});  // the handler meets the reset
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        {
            auto s = co_await connected_to(server.sockets().front());
            const linger reset{1, 0};
            ::setsockopt(s.fileno(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        }
        auto client = co_await open_connection("127.0.0.1", server.port());
        client.write("hello");
        EXPECT_EQ(co_await client.readexactly(5), "hello");
        EXPECT_TRUE(server.is_serving());
    });
}

BEHAVIOUR(B246_keep_alive_is_off_and_no_delay_on_unless_said_otherwise) {
    run([&]() -> coro<void> {
        std::optional<std::pair<int, int>> seen;
        const auto look = [&](stream client) -> coro<void> {
            seen = {client.get_option(socket_option::keep_alive),
                    client.get_option(socket_option::no_delay)};
            co_return;
        };
        auto server = co_await start_server(look, "127.0.0.1", 0);
        auto client = co_await open_connection("127.0.0.1", server.port());
        EXPECT_EQ(co_await client.read(), "");
        EXPECT_EQ(seen, std::make_pair(0, 1));
        EXPECT_EQ(client.get_option(socket_option::no_delay), 1);
        server_options alive;
        alive.keep_alive = true;
        auto second = co_await start_server(look, "127.0.0.1", 0, alive);
        auto again = co_await open_connection("127.0.0.1", second.port());
        EXPECT_EQ(co_await again.read(), "");
        EXPECT_EQ(seen, std::make_pair(1, 1));
    });
}
