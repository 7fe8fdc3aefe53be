// SPDX-License-Identifier: MIT
#include "errno_of.hpp"
#include <rondo/rondo.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace sim = rondo::testing;
using rondo_test::errno_of;
using sim::network_link;
using ::testing::HasSubstr;

namespace {

double now_s() {
    return std::chrono::duration<double>(sim::running_sim_driver().elapsed()).count();
}

coro<void> echo(stream connection) {
    for (auto data = co_await connection.read(4096); !data.empty();
         data = co_await connection.read(4096)) {
        connection.write(data);
        co_await connection.drain();
    }
}

coro<std::string> ask(std::string host, std::uint16_t port, std::string question) {
    auto s = co_await open_connection(std::move(host), port);
    s.write(question);
    s.write_eof();
    co_return co_await s.read();
}

}  // namespace

TEST(network, an_ordinary_server_and_client_run_unchanged_and_in_virtual_time) {
    const auto main_ = []() -> coro<double> {
        auto server = co_await start_server(echo, "localhost", 0);
        const auto answer = co_await ask("localhost", server.port(), "hello");
        EXPECT_EQ(answer, "hello");
        co_return now_s();
    };
    const double took = sim::run(main_(), {.network = network_link{.latency = 10ms}});
    EXPECT_DOUBLE_EQ(took, 0.04);  // two ways to connect, two to ask and to get the answer
}

TEST(network, hosts_find_each_other_by_name_and_have_addresses_of_their_own) {
    const auto serve = []() -> coro<void> {
        auto server = co_await start_server(echo, "", 80);
        co_await server.serve_forever();
    };
    const auto visit = []() -> coro<void> {
        auto s = co_await open_connection("shop", 80);
        EXPECT_EQ(s.peername().host(), sim::running_network().address_of("shop").host());
        EXPECT_EQ(s.sockname().host(), sim::running_network().address_of("customer").host());
    };
    const auto main_ = [&]() -> coro<void> {
        auto serving = create_task(sim::at_host("shop", serve()));
        co_await sim::wait_all_tasks_blocked();
        co_await sim::at_host("customer", visit());
        serving.cancel();
    };
    sim::run(main_(), {.network = network_link{}});
}

TEST(network, a_name_that_no_host_has_is_unknown) {
    EXPECT_THROW(sim::run(ask("nowhere", 1, ""), {.network = network_link{}}), std::runtime_error);
}

TEST(network, a_port_that_nobody_listens_at_refuses) {
    const auto call = []() { return errno_of(ask("127.0.0.1", 9, "")); };
    EXPECT_EQ(sim::run(call(), {.network = network_link{}}), ECONNREFUSED);
}

TEST(network, refusals_are_drawn_by_lot) {
    const auto main_ = []() -> coro<int> {
        auto server = co_await start_server(echo, "127.0.0.1", 80);
        co_return co_await errno_of(ask("127.0.0.1", 80, ""));
    };
    EXPECT_EQ(sim::run(main_(), {.network = network_link{.refusals = 1}}), ECONNREFUSED);
}

TEST(network, an_address_of_nobody_is_unreachable_after_a_while) {
    const auto main_ = []() -> coro<void> {
        EXPECT_EQ(co_await errno_of(ask("10.9.9.9", 80, "")), EHOSTUNREACH);
        EXPECT_DOUBLE_EQ(now_s(), 3);
    };
    sim::run(main_(), {.network = network_link{}});
}

TEST(network, a_port_in_use_cannot_be_bound_and_is_free_again_after_close) {
    const auto main_ = []() -> coro<void> {
        auto first = socket::tcp();
        first.bind("127.0.0.1", 80);
        first.listen();
        auto second = socket::tcp();
        EXPECT_THROW(second.bind("127.0.0.1", 80), std::system_error);
        EXPECT_THROW(second.bind("10.0.0.77", 80), std::system_error);
        first.close();
        second.bind("127.0.0.1", 80);
        co_return;
    };
    sim::run(main_(), {.network = network_link{}});
}

TEST(network, both_directions_are_closed_one_by_one) {
    const auto main_ = []() -> coro<void> {
        auto [a, b] = sim::running_network().stream_pair();
        a.write("question");
        a.write_eof();
        EXPECT_EQ(co_await b.read(), "question");
        b.write("answer");
        EXPECT_EQ(co_await a.read(6), "answer");
        b.close();
        EXPECT_EQ(co_await a.read(), "");
    };
    sim::run(main_(), {.network = network_link{}});
}

TEST(network, a_reader_that_does_not_read_stops_the_writer) {
    const auto main_ = []() -> coro<void> {
        auto [a, b] = sim::memory_stream_pair();
        const std::string much(1 << 20, 'x');
        a.write(much);
        EXPECT_EQ(a.write_buffer_size(), much.size() - network_link{}.window);
        auto sending = create_task(a.drain());
        co_await sleep(1h);
        EXPECT_FALSE(sending.done());
        EXPECT_EQ((co_await b.readexactly(much.size())), much);
        co_await sending;
    };
    sim::run(main_());
}

TEST(network, bandwidth_decides_how_long_it_takes) {
    const auto main_ = []() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 80);
        auto s = co_await open_connection("127.0.0.1", 80);
        const double before = now_s();
        s.write(std::string(10'000, 'x'));
        co_await s.readexactly(10'000);
        // The answer begins when the first segment of the question has come.
        EXPECT_NEAR(now_s() - before, 10.0 + 1.46, 0.01);
    };
    sim::run(main_(), {.network = network_link{.latency = 0ms, .bytes_per_second = 1000}});
}

TEST(network, bytes_come_once_and_in_order_whatever_lies_in_between) {
    const network_link rough{
        .latency = 5ms, .jitter = 50ms, .segment = 100, .losses = 0.1, .shorts = 0.5};
    std::string sent;
    for (int i = 0; i < 2'000; ++i) {
        sent += std::to_string(i) + ' ';
    }
    const auto main_ = [&]() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 80);
        EXPECT_EQ(co_await ask("127.0.0.1", 80, sent), sent);
    };
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        sim::run(main_(), {.seed = seed, .network = rough});
    }
}

TEST(network, a_reset_reaches_both_ends) {
    const auto main_ = []() -> coro<void> {
        auto [a, b] = sim::running_network().stream_pair();
        auto reading = create_task(errno_of(a.read()));
        sim::running_network().reset_connections("memory");
        EXPECT_EQ(co_await errno_of(b.read()), ECONNRESET);
        EXPECT_EQ(co_await reading, ECONNRESET);
        b.write("x");
        EXPECT_EQ(co_await errno_of(b.drain()), ECONNRESET);
    };
    sim::run(main_(), {.network = network_link{}});
}

TEST(network, aborting_with_unread_bytes_resets_the_other_side) {
    const auto main_ = []() -> coro<void> {
        auto [a, b] = sim::memory_stream_pair();
        a.write("never read");
        co_await sleep(1s);
        b.abort();
        EXPECT_EQ(co_await errno_of(a.read()), ECONNRESET);
    };
    sim::run(main_());
}

TEST(network, what_is_sent_to_a_socket_that_is_gone_is_answered_by_a_reset) {
    const auto main_ = []() -> coro<void> {
        auto [a, b] = sim::memory_stream_pair();
        b.close();
        a.write("hello?");
        co_await sleep(1s);
        a.write("anybody?");
        EXPECT_EQ(co_await errno_of(a.drain()), EPIPE);
    };
    sim::run(main_());
}

TEST(network, a_partition_holds_back_what_a_heal_lets_through) {
    const auto serve = []() -> coro<void> {
        auto server = co_await start_server(echo, "", 80);
        co_await server.serve_forever();
    };
    const auto visit = []() -> coro<void> {
        auto s = co_await open_connection("shop", 80);
        sim::running_network().partition("shop", "customer");
        s.write("hello");
        EXPECT_FALSE((co_await move_on_after(60s, [&]() -> coro<void> { co_await s.read(1); })));
        sim::running_network().heal("shop", "customer");
        EXPECT_EQ(co_await s.readexactly(5), "hello");
        EXPECT_LT(now_s(), 62);
    };
    const auto main_ = [&]() -> coro<void> {
        auto serving = create_task(sim::at_host("shop", serve()));
        co_await sim::wait_all_tasks_blocked();
        co_await sim::at_host("customer", visit());
        serving.cancel();
    };
    sim::run(main_(), {.network = network_link{}});
}

TEST(network, a_partition_that_lasts_times_out) {
    const auto serve = []() -> coro<void> {
        auto server = co_await start_server(echo, "", 80);
        co_await server.serve_forever();
    };
    const auto visit = []() -> coro<void> {
        auto s = co_await open_connection("shop", 80);
        sim::running_network().isolate("shop");
        s.write("hello");
        EXPECT_EQ(co_await errno_of(s.read()), ETIMEDOUT);
        EXPECT_NEAR(now_s(), 924, 1);
        const double before = now_s();
        auto another = socket::tcp();
        const auto at = sim::running_network().address_of("shop").with_port(80);
        EXPECT_EQ(co_await errno_of(another.connect(at)), ETIMEDOUT);
        EXPECT_NEAR(now_s() - before, 127, 1);
    };
    const auto main_ = [&]() -> coro<void> {
        auto serving = create_task(sim::at_host("shop", serve()));
        co_await sim::wait_all_tasks_blocked();
        co_await sim::at_host("customer", visit());
        serving.cancel();
    };
    sim::run(main_(), {.network = network_link{}});
}

TEST(network, connections_that_nobody_accepts_are_reset_when_the_listener_closes) {
    const auto main_ = []() -> coro<void> {
        auto listener = socket::tcp();
        listener.bind("127.0.0.1", 80);
        listener.listen();
        auto s = co_await open_connection("127.0.0.1", 80);
        listener.close();
        EXPECT_EQ(co_await errno_of(s.read()), ECONNRESET);
    };
    sim::run(main_(), {.network = network_link{}});
}

TEST(network, a_cancelled_connect_leaves_nothing) {
    const auto main_ = []() -> coro<void> {
        auto server = co_await start_server(echo, "127.0.0.1", 80);
        EXPECT_FALSE((co_await move_on_after(
            1ms, []() -> coro<void> { co_await open_connection("127.0.0.1", 80); })));
        co_await sleep(1s);
        EXPECT_EQ(sim::running_network().open_sockets(), 1U);
    };
    sim::run(main_(), {.network = network_link{.latency = 10ms}});
}

TEST(network, readers_of_a_descriptor_are_told_for_as_long_as_it_is_ready) {
    const auto main_ = []() -> coro<void> {
        auto listener = socket::tcp();
        listener.bind("127.0.0.1", 80);
        listener.listen();
        future<void> enough;
        int told = 0;
        get_running_loop().add_reader(listener.fileno(), [&] {
            if (++told == 3) {
                get_running_loop().remove_reader(listener.fileno());
                enough.set_result();
            }
        });
        auto client = socket::tcp();
        auto connecting = create_task(client.connect(address("127.0.0.1", 80)));
        co_await enough;
        co_await connecting;
    };
    sim::run(main_(), {.network = network_link{}});
}

namespace {

coro<std::string> log_of_a_busy_network() {
    const auto client = [](int i) -> coro<void> {
        try {
            co_await ask("127.0.0.1", 80, std::string(static_cast<std::size_t>(i) * 500, 'x'));
        } catch (const std::system_error&) {
        }
    };
    auto server = co_await start_server(echo, "127.0.0.1", 80);
    task_group group;
    co_await with(group, [&]() -> coro<void> {
        for (int i = 1; i < 20; ++i) {
            group.create_task(client(i));
        }
        co_return;
    });
    co_return sim::running_network().log();
}

std::string log_for(std::uint64_t seed) {
    const network_link rough{.latency = 1ms,
                             .jitter = 20ms,
                             .losses = 0.05,
                             .resets = 0.2,
                             .refusals = 0.1,
                             .shorts = 0.3};
    const auto loop_errors = [](event_loop& loop) { loop.set_exception_handler([](auto&&...) {}); };
    const auto main_ = [&]() -> coro<std::string> {
        loop_errors(get_running_loop());
        co_return co_await log_of_a_busy_network();
    };
    return sim::run(main_(), {.seed = seed, .network = rough});
}

}  // namespace

TEST(network, the_same_seed_gives_the_same_log) {
    EXPECT_EQ(log_for(1), log_for(1));
    EXPECT_NE(log_for(1), log_for(2));
    EXPECT_THAT(log_for(1), HasSubstr("is reset"));
}

TEST(network, a_link_that_cannot_be_is_refused) {
    EXPECT_THROW(sim::run(ask("x", 1, ""), {.network = network_link{.losses = 2}}),
                 std::invalid_argument);
    EXPECT_THROW(sim::run(ask("x", 1, ""), {.network = network_link{.window = 0}}),
                 std::invalid_argument);
}

TEST(network, everybody_who_waits_for_bytes_that_never_come_is_a_deadlock) {
    const auto main_ = []() -> coro<void> {
        auto [a, b] = sim::memory_stream_pair();
        co_await a.read();
    };
    EXPECT_THROW(sim::run(main_()), sim::deadlock_error);
}

TEST(network, a_run_that_fails_says_its_seed) {
    const auto fail = []() -> coro<void> {
        throw std::runtime_error("no");
        co_return;
    };
    ::testing::internal::CaptureStderr();
    EXPECT_THROW(sim::run(fail(), {.seed = 77}), std::runtime_error);
    EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("seed 77"));
}
