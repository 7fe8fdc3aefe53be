// SPDX-License-Identifier: MIT
#include "errno_of.hpp"
#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/gather.hpp>
#include <rondo/core/map_concurrent.hpp>
#include <rondo/core/run.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/core/wait_for.hpp>
#include <rondo/io/stream.hpp>
#include <rondo/net/server.hpp>
#include <rondo/testing/cancel_sweep.hpp>
#include <rondo/testing/run.hpp>
#include <rondo/threads/to_thread.hpp>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::errno_of;

namespace {

coro<void> echo(stream client) {
    for (;;) {
        const std::string data = co_await client.read(100'000);
        if (data.empty()) {
            break;
        }
        client.write(data);
        co_await client.drain();
    }
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

}  // namespace

TEST(start_server, serves_nc) {
    rondo::run([]() -> coro<void> {
        auto server = co_await start_server(echo, "localhost", 0);
        const std::string command =
            "printf 'one\\ntwo\\n' | nc -N localhost " + std::to_string(server.port());
        EXPECT_EQ(co_await to_thread(output_of, command), "one\ntwo\n");
    }());
}

TEST(start_server, listens_on_every_address_of_localhost_with_one_port) {
    rondo::testing::run([]() -> coro<void> {
        auto server = co_await start_server(echo, "localhost", 0);
        EXPECT_TRUE(server.is_serving());
        for (const address& at : server.sockets()) {
            EXPECT_EQ(at.port(), server.port());
            auto client = co_await open_connection(at.host(), at.port());
            EXPECT_EQ(client.peername(), at);
            EXPECT_EQ(client.get_extra_info("peername"), at.to_string());
            EXPECT_EQ(client.get_extra_info("sockname"), client.sockname().to_string());
            EXPECT_EQ(client.get_extra_info("weather"), "");
            client.write("hello");
            EXPECT_EQ(co_await client.readexactly(5), "hello");
        }
    }());
}

TEST(start_server, on_no_host_in_particular_listens_everywhere) {
    rondo::testing::run([]() -> coro<void> {
        auto server = co_await start_server(echo, "", 0);
        auto client = co_await open_connection("127.0.0.1", server.port());
        client.write("hello");
        EXPECT_EQ(co_await client.readexactly(5), "hello");
    }());
}

TEST(start_server, listens_on_each_of_several_hosts_with_one_port) {
    rondo::testing::run([]() -> coro<void> {
        const std::vector<std::string> hosts{"127.0.0.1", "127.0.0.2", "127.0.0.1"};
        auto server = co_await start_server(echo, hosts, 0);
        EXPECT_EQ(server.sockets().size(), 2u) << "what is named twice is listened on once";
        for (const address& at : server.sockets()) {
            auto client = co_await open_connection(at.host(), server.port());
            client.write("hello");
            EXPECT_EQ(co_await client.readexactly(5), "hello");
        }
        EXPECT_THROW(co_await start_server(echo, std::vector<std::string>(), 0),
                     std::invalid_argument);
    }());
}

TEST(start_server, listens_on_all_of_several_hosts_or_on_none) {
    rondo::testing::run([]() -> coro<void> {
        // Addresses at which nobody else has a port, not even as a client.
        auto taken = co_await start_server(echo, "127.0.7.2", 0);
        const auto port = taken.port();
        try {
            const std::vector<std::string> hosts{"127.0.7.1", "127.0.7.2"};
            co_await start_server(echo, hosts, port);
            ADD_FAILURE() << "one of the addresses is taken";
        } catch (const std::system_error& e) {
            EXPECT_EQ(e.code().value(), EADDRINUSE);
            const std::string start = "bind to 127.0.7.2:" + std::to_string(port);
            EXPECT_TRUE(std::string(e.what()).starts_with(start)) << e.what();
        }
        auto alone = co_await start_server(echo, "127.0.7.1", port);
        try {  // TEST-NET-1 is nobody's.
            const std::vector<std::string> hosts{"127.0.7.3", "192.0.2.1"};
            co_await start_server(echo, hosts, 0);
            ADD_FAILURE() << "one of the addresses is not of this machine";
        } catch (const std::system_error& e) {
            EXPECT_EQ(e.code().value(), EADDRNOTAVAIL) << e.what();
        }
    }());
}

TEST(start_server, says_which_address_is_taken) {
    rondo::testing::run([]() -> coro<void> {
        auto first = co_await start_server(echo, "127.0.7.4", 0);
        try {
            auto second = co_await start_server(echo, "127.0.7.4", first.port());
            ADD_FAILURE() << "two servers on one port";
        } catch (const std::system_error& e) {
            EXPECT_EQ(e.code().value(), EADDRINUSE);
            EXPECT_TRUE(std::string(e.what()).starts_with("bind to 127.0.7.4:" +
                                                          std::to_string(first.port())))
                << e.what();
        }
        const auto port = first.port();
        first.close();
        auto again = co_await start_server(echo, "127.0.7.4", port);
    }());
}

TEST(start_server, keeps_a_handler_with_captures_as_long_as_a_connection_needs_it) {
    rondo::testing::run([]() -> coro<void> {
        auto greeting = std::make_shared<std::string>("hello");
        std::optional<stream> client;
        {
            auto greet = [greeting](stream s) -> coro<void> {
                s.write("who?\n");
                co_await s.readline();
                s.write(*greeting);
            };
            connection_handler handler = std::move(greet);
            auto server = co_await start_server(std::move(handler), "127.0.0.1", 0);
            client = co_await open_connection("127.0.0.1", server.port());
            EXPECT_EQ(co_await client->readline(), "who?\n");
        }
        greeting.reset();
        client->write("\n");
        EXPECT_EQ(co_await client->read(), "hello");
    }());
}

TEST(server, close_stops_accepting_and_wait_closed_waits_for_the_handlers) {
    rondo::testing::run([]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        const auto port = server.port();
        auto client = co_await open_connection("127.0.0.1", port);
        client.write("1");
        EXPECT_EQ(co_await client.read(1), "1");
        server.close();
        EXPECT_FALSE(server.is_serving());
        EXPECT_EQ(server.port(), 0);
        EXPECT_EQ(co_await errno_of(open_connection("127.0.0.1", port)), ECONNREFUSED);
        auto closed = create_task(server.wait_closed());
        client.write("2");
        EXPECT_EQ(co_await client.read(1), "2");
        EXPECT_FALSE(closed.done());
        client.close();
        co_await closed;
        co_await server.wait_closed();
    }());
}

TEST(server, serve_forever_ends_with_close_and_closes_when_cancelled) {
    rondo::testing::run([]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        auto serving = create_task(server.serve_forever());
        co_await yield_now();
        EXPECT_FALSE(serving.done());
        server.close();
        co_await serving;

        server = co_await start_server(echo, "127.0.0.1", 0);
        auto cancelled = create_task(server.serve_forever());
        co_await yield_now();
        cancelled.cancel();
        EXPECT_THROW(co_await cancelled, cancelled_error);
        EXPECT_FALSE(server.is_serving());
    }());
}

TEST(server, ends_with_its_handlers_when_the_program_ends) {
    bool cancelled = false;
    std::optional<stream> client;
    rondo::run([](bool& told, std::optional<stream>& out) -> coro<void> {
        auto server = co_await start_server(
            [&](stream s) -> coro<void> {
                s.write("ready");
                try {
                    co_await s.read(1);
                } catch (const cancelled_error&) {
                    told = true;
                    throw;
                }
            },
            "127.0.0.1", 0);
        out = co_await open_connection("127.0.0.1", server.port());
        EXPECT_EQ(co_await out->readexactly(5), "ready");
    }(cancelled, client));
    EXPECT_TRUE(cancelled);
}

TEST(open_connection, names_every_address_that_failed) {
    rondo::testing::run([]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        const auto port = server.port();
        server.close();
        EXPECT_EQ(co_await errno_of(open_connection("127.0.0.1", port)), ECONNREFUSED);
        try {
            co_await open_connection("localhost", port);
            ADD_FAILURE() << "nobody listens";
        } catch (const std::system_error& e) {
            EXPECT_NE(std::string(e.what()).find("connect to 127.0.0.1:"), std::string::npos)
                << e.what();
            EXPECT_NE(std::string(e.what()).find("connect to [::1]:"), std::string::npos)
                << e.what();
            const std::string reason = ": Connection refused";
            EXPECT_EQ(std::string(e.what()).find(reason),
                      std::string(e.what()).size() - reason.size())
                << "said once, at the end: " << e.what();
        }
    }());
}

TEST(stream, many_connections_at_once_carry_what_they_should) {
    rondo::testing::run([]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        const auto port = server.port();
        const auto talk = [port](int n) -> coro<void> {
            auto s = co_await open_connection("127.0.0.1", port);
            const std::string line = "line " + std::to_string(n) + "\n";
            for (int i = 0; i < 10; ++i) {
                s.write(line);
                EXPECT_EQ(co_await s.readline(), line);
            }
        };
        std::vector<task<void>> clients;
        for (int i = 0; i < 50; ++i) {
            clients.push_back(create_task(talk(i)));
        }
        for (const task<void>& client : clients) {
            co_await client;
        }
    }());
}

TEST(stream, large_data_arrives_whole_through_pauses_and_cancelled_reads) {
    rondo::testing::run([]() -> coro<void> {
        std::string sent(8 * 1024 * 1024, '\0');
        unsigned state = 1;
        for (char& c : sent) {
            state = state * 1664525u + 1013904223u;
            c = static_cast<char>(state >> 24);
        }
        const auto serve = [&sent](stream s) -> coro<void> {
            std::string_view rest = sent;
            for (std::size_t n = 1; !rest.empty(); n = n * 7 % 100'003) {
                s.write(rest.substr(0, n));
                rest.remove_prefix(std::min(n, rest.size()));
                co_await s.drain();
            }
        };
        auto server = co_await start_server(serve, "127.0.0.1", 0);
        auto client = co_await open_connection("127.0.0.1", server.port());
        std::string got;
        got.reserve(sent.size());
        for (std::size_t n = 1; got.size() < sent.size(); n = n * 5 % 70'001) {
            if (n % 3 == 0) {
                auto given_up = create_task(client.readexactly(10 * sent.size()));
                co_await yield_now();
                given_up.cancel();
                try {
                    co_await given_up;
                    ADD_FAILURE() << "there is not that much";
                } catch (const cancelled_error&) {
                } catch (const incomplete_read_error& e) {  // the end was there already
                    got += e.partial();
                }
            }
            got += co_await client.read(static_cast<std::ptrdiff_t>(n));
        }
        EXPECT_TRUE(got == sent);
        EXPECT_EQ(co_await client.read(), "");
    }());
}

TEST(stream, writes_before_a_loop_runs_only_what_the_kernel_takes) {
    std::optional<stream> kept;
    rondo::run([](std::optional<stream>& out) -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        out = co_await open_connection("127.0.0.1", server.port());
    }(kept));
    EXPECT_NO_THROW(kept->close());
}

TEST(stream, cancelled_at_every_suspension_a_conversation_leaks_nothing) {
    const auto scenario = []() -> coro<void> {
        // The handler of a client that goes without reading the answer may report a reset.
        get_running_loop().set_exception_handler([](event_loop&, const exception_context&) {});
        auto server = co_await start_server(echo, "127.0.0.1", 0);
        auto client = co_await open_connection("127.0.0.1", server.port());
        client.write("hello\n");
        co_await client.drain();
        co_await client.readline();
        client.close();
        co_await client.wait_closed();
        server.close();
        co_await server.wait_closed();
    };
    EXPECT_GT(rondo::testing::cancel_sweep(scenario), 3);
}

TEST(start_server, says_which_address_another_server_has_and_how_to_share_it) {
    rondo::testing::run([]() -> coro<void> {
        server_options bound_only;
        bound_only.start_serving = false;
        auto first = co_await start_server(echo, "127.0.0.1", 0, bound_only);
        auto second = co_await start_server(echo, "127.0.0.1", first.port(), bound_only);
        first.start_serving();
        const std::string at = "127.0.0.1:" + std::to_string(first.port());
        std::string listening;
        try {
            second.start_serving();
        } catch (const std::system_error& e) {
            listening = e.what();
        }
        EXPECT_EQ(listening, "listen at " + at +
                                 " (servers may share it where each has .reuse_port = true): "
                                 "Address already in use");
        std::string binding;
        try {
            co_await start_server(echo, "127.0.0.1", first.port());
        } catch (const std::system_error& e) {
            binding = e.what();
        }
        EXPECT_EQ(binding, "bind to " + at +
                               " (servers may share it where each has .reuse_port = true): "
                               "Address already in use");
    }());
}
