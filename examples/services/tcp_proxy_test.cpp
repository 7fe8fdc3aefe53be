// SPDX-License-Identifier: MIT
#include "tcp_proxy.hpp"

#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;
namespace sim = rondo::testing;

namespace {

/// Reads all, and answers only then.
coro<void> count(stream s) {
    const auto all = co_await s.read();
    s.write(std::to_string(all.size()) + " bytes");
    co_await s.drain();
}

/// Never reads.
coro<void> ignore(stream) { co_await sleep_forever(); }

coro<server> through(tcp_proxy& proxy) {
    co_return co_await start_server([&proxy](stream s) { return proxy.serve(std::move(s)); },
                                    "localhost", 7000);
}

/// The errors that end a connection are reported, and belong to these tests.
void expect_lost_connections() {
    get_running_loop().set_exception_handler([](event_loop&, const exception_context&) {});
}

const sim::options simulated{.network = sim::network_link{}};

}  // namespace

TEST(tcp_proxy, an_answer_may_come_after_the_end_of_the_question) {
    sim::run(
        []() -> coro<void> {
            auto origin = co_await start_server(count, "localhost", 8000);
            tcp_proxy proxy("localhost", 8000);
            auto listening = co_await through(proxy);
            auto client = co_await open_connection("localhost", 7000);
            client.write(std::string(1'000'000, 'x'));
            client.write_eof();
            EXPECT_EQ(co_await client.read(), "1000000 bytes");
            EXPECT_EQ(proxy.bytes(), 1'000'013U);
        }(),
        simulated);
}

TEST(tcp_proxy, who_does_not_read_stops_the_one_who_writes) {
    sim::run(
        []() -> coro<void> {
            expect_lost_connections();
            auto origin = co_await start_server(ignore, "localhost", 8000);
            tcp_proxy proxy("localhost", 8000);
            auto listening = co_await through(proxy);
            auto client = co_await open_connection("localhost", 7000);
            client.write(std::string(10'000'000, 'x'));
            EXPECT_FALSE((co_await as_outcome(wait_for(client.drain(), 60s))).has_value());
            EXPECT_LT(proxy.bytes(), 1'000'000U);
            client.abort();
            origin.abort_clients();
            co_await listening.shutdown(1s);
        }(),
        simulated);
}

TEST(tcp_proxy, without_a_server_the_client_is_told_at_once) {
    sim::run(
        []() -> coro<void> {
            expect_lost_connections();
            tcp_proxy proxy("localhost", 8000);
            auto listening = co_await through(proxy);
            auto client = co_await open_connection("localhost", 7000);
            EXPECT_EQ(co_await client.read(), "");
        }(),
        simulated);
}
