// SPDX-License-Identifier: MIT
#include "../behaviours/toy_layer.hpp"
#include "on_kernel.hpp"
#include "temporary_path.hpp"
#include <rondo/testing/cancel_sweep.hpp>

#include <string>
#include <utility>

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;

namespace {

/// Cancelled at every suspension, the scenario must leave nothing behind.
void sweep(coro<void> (*scenario)(), int suspensions) {
    const auto quiet = [scenario]() -> coro<void> {
        // A handler whose client is cut off may report a reset.
        get_running_loop().set_exception_handler([](event_loop&, const exception_context&) {});
        co_await scenario();
    };
    EXPECT_GE(rondo::testing::cancel_sweep(quiet), suspensions);
}

coro<void> shut_down_a_server() {
    auto server = co_await start_server(echo, "localhost", 0);
    auto client = co_await open_connection("localhost", server.port());
    client.write("hello");
    co_await client.readexactly(5);
    EXPECT_FALSE(co_await server.shutdown(1s));
    EXPECT_EQ(co_await client.read(), "");
}

coro<void> exchange_datagrams() {
    udp_socket a(address("127.0.0.1", 0));
    udp_socket b = udp_socket::unbound();
    const auto answer = [](udp_socket& on) -> coro<void> {
        const datagram got = co_await on.recv_from();
        co_await on.send_to(got.data, got.from);
    };
    auto answering = create_task(answer(a));
    b.connect(a.getsockname());
    co_await b.send("hello");
    const datagram back = co_await b.recv_from();
    EXPECT_EQ(back.data, "hello");
    co_await answering;
}

coro<void> talk_over_a_layer() {
    auto ends = co_await connected();
    toy_upgrade upgrade;
    const auto far_side = [](stream& s, toy_upgrade& by) -> coro<void> {
        co_await s.start_tls(by);
        const std::string line = co_await s.readline();
        s.write(line);
        s.close();
        co_await s.wait_closed();
    };
    auto talking = create_task(far_side(ends.far, upgrade));
    co_await ends.near.start_tls(upgrade);
    ends.near.write("hello\n");
    EXPECT_EQ(co_await ends.near.read(), "hello\n");
    co_await talking;
}

coro<void> send_a_file() {
    const temporary_path path;
    co_await write_file(path.string(), std::string(3'000'000, 'f'));
    auto f = co_await open_file(path.string());
    auto ends = co_await connected();
    const auto send = [](stream& s, const file& from) -> coro<void> {
        EXPECT_EQ(co_await s.sendfile(from), 3'000'000);
        s.write_eof();
    };
    auto sending = create_task(send(ends.far, f));
    const std::string all = co_await ends.near.read();
    EXPECT_EQ(all.size(), 3'000'000u);
    co_await sending;
}

coro<void> serve_at_a_path() {
    const temporary_path path;
    auto server = co_await start_unix_server(echo, path.string());
    auto client = co_await open_unix_connection(path.string());
    client.write("hello");
    EXPECT_EQ(co_await client.readexactly(5), "hello");
    client.close();
    EXPECT_TRUE(co_await server.shutdown(1s));
}

}  // namespace

TEST(cancelled_at_every_suspension, the_shutdown_of_a_server_leaves_nothing_behind) {
    sweep(shut_down_a_server, 4);
}

TEST(cancelled_at_every_suspension, datagrams_leave_nothing_behind) {
    sweep(exchange_datagrams, 1);
}

TEST(cancelled_at_every_suspension, a_layer_leaves_nothing_behind) { sweep(talk_over_a_layer, 4); }

TEST(cancelled_at_every_suspension, a_file_that_is_sent_leaves_nothing_behind) {
    sweep(send_a_file, 3);
}

TEST(cancelled_at_every_suspension, a_unix_server_leaves_nothing_behind) {
    sweep(serve_at_a_path, 2);
}
