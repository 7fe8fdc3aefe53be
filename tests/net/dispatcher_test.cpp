// SPDX-License-Identifier: MIT
#include "driver_name.hpp"
#include <rondo/core/event_loop.hpp>
#include <rondo/core/gather.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/core/task.hpp>
#include <rondo/net/dispatcher.hpp>
#include <rondo/net/open_connection.hpp>
#include <rondo/threads/run_on_loops.hpp>
#include <rondo/threads/threadsafe_event.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <system_error>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;
using rondo::stream;

namespace {

/// Which loop this is, for handlers.
constinit thread_local std::size_t loop_here = 0;

/// Says in which loop it is served, and then what it is told.
coro<void> say_where(stream client) {
    client.write(std::to_string(loop_here));
    for (auto text = co_await client.read(100); !text.empty(); text = co_await client.read(100)) {
        client.write(text);
        co_await client.drain();
    }
}

coro<stream> connected(std::uint16_t port, std::vector<int>& served_by) {
    auto client = co_await open_connection("127.0.0.1", port);
    served_by.push_back(std::stoi(co_await client.readexactly(1)));
    co_return client;
}

/// `main` in the first loop of three; the others serve until it has ended.
template <class F>
void dispatch_on_three(F main, driver_kind driver) {
    threadsafe_event over;
    const auto member = [&](const loop_place& here) -> coro<void> {
        loop_here = here.index();
        if (here.index() > 0) {
            co_await over.wait();
            co_return;
        }
        co_await main(here);
        over.set();
    };
    run_on_loops(3, member, {.driver = driver, .pin = false});
}

class dispatching : public ::testing::TestWithParam<driver_kind> {
protected:
    void SetUp() override {
        try {
            event_loop here(GetParam());
        } catch (const std::system_error& e) {
            GTEST_SKIP() << e.what();
        }
    }
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(drivers, dispatching,
                         ::testing::Values(driver_kind::epoll, driver_kind::io_uring),
                         rondo_test::driver_name);

TEST_P(dispatching, each_connection_goes_to_the_loop_that_has_fewest) {
    dispatch_on_three(
        [](const loop_place& here) -> coro<void> {
            auto all = co_await start_dispatcher(here, say_where, "127.0.0.1", 0);
            std::vector<int> served_by;
            std::vector<stream> clients;
            for (int i = 0; i < 9; ++i) {
                clients.push_back(co_await connected(all.port(), served_by));
            }
            EXPECT_EQ(served_by, (std::vector<int>{1, 2, 0, 1, 2, 0, 1, 2, 0}));
            EXPECT_EQ(all.connections(), 9u);
            EXPECT_EQ(all.connections_of(2), 3u);
            EXPECT_THROW(static_cast<void>(all.connections_of(3)), std::out_of_range);
            clients[1].close();  // of loop 2
            clients[4].close();
            while (all.connections_of(2) > 1) {
                co_await sleep(1ms);
            }
            served_by.clear();
            clients.push_back(co_await connected(all.port(), served_by));
            clients.push_back(co_await connected(all.port(), served_by));
            EXPECT_EQ(served_by, (std::vector<int>{2, 2}));
            clients.clear();
            all.close();
            co_await all.wait_closed();
            EXPECT_EQ(all.connections(), 0u);
        },
        GetParam());
}

TEST_P(dispatching, many_connections_are_served_once_each) {
    static std::atomic<int> served{0};
    served = 0;
    const auto count = [](stream client) -> coro<void> {
        ++served;
        EXPECT_EQ(client.get_option(socket_option::no_delay), 1);
        client.write(co_await client.readexactly(4));
        co_await client.drain();
    };
    dispatch_on_three(
        [&](const loop_place& here) -> coro<void> {
            auto all = co_await start_dispatcher(here, count, "127.0.0.1", 0);
            const auto visit = [&]() -> coro<void> {
                for (int i = 0; i < 20; ++i) {
                    auto client = co_await open_connection("127.0.0.1", all.port());
                    client.write("word");
                    EXPECT_EQ(co_await client.read(), "word");
                }
            };
            std::vector<coro<void>> visitors;
            for (int i = 0; i < 10; ++i) {
                visitors.push_back(visit());
            }
            co_await gather(std::move(visitors));
            const bool in_time = co_await all.shutdown(10s);
            EXPECT_TRUE(in_time);
        },
        GetParam());
    EXPECT_EQ(served, 200);
}

TEST_P(dispatching, shutdown_cancels_handlers_in_every_loop) {
    static std::atomic<int> cancelled{0};
    cancelled = 0;
    const auto stay = [](stream client) -> coro<void> {
        try {
            client.write("x");
            co_await sleep(1h);
        } catch (const cancelled_error&) {
            ++cancelled;
            throw;
        }
    };
    dispatch_on_three(
        [&](const loop_place& here) -> coro<void> {
            auto all = co_await start_dispatcher(here, stay, "127.0.0.1", 0);
            std::vector<stream> clients;
            for (int i = 0; i < 6; ++i) {
                clients.push_back(co_await open_connection("127.0.0.1", all.port()));
                co_await clients.back().readexactly(1);
            }
            const bool in_time = co_await all.shutdown(10ms);
            EXPECT_FALSE(in_time);
            EXPECT_EQ(cancelled, 6);
            for (stream& client : clients) {
                EXPECT_EQ(co_await client.read(), "");
            }
        },
        GetParam());
}

TEST_P(dispatching, a_loop_that_has_ended_gets_no_more) {
    threadsafe_event leave;
    const auto member = [&](const loop_place& here) -> coro<void> {
        loop_here = here.index();
        if (here.index() == 1) {
            co_await leave.wait();
            co_return;
        }
        auto all = co_await start_dispatcher(here, say_where, "127.0.0.1", 0);
        std::vector<int> served_by;
        auto first = co_await connected(all.port(), served_by);
        auto second = co_await connected(all.port(), served_by);
        EXPECT_EQ(served_by, (std::vector<int>{1, 0}));
        leave.set();
        EXPECT_EQ(co_await first.read(), "") << "it ended with its loop";
        while (!here.loop(1).is_closed()) {
            co_await sleep(1ms);
        }
        for (int i = 0; i < 4; ++i) {
            co_await connected(all.port(), served_by);
        }
        EXPECT_EQ(served_by, (std::vector<int>{1, 0, 0, 0, 0, 0}));
        second.close();
        const bool in_time = co_await all.shutdown(10s);
        EXPECT_TRUE(in_time);
    };
    run_on_loops(2, member, {.driver = GetParam(), .pin = false});
}

TEST_P(dispatching, connections_that_come_while_a_loop_ends_are_served_elsewhere) {
    threadsafe_event leave;
    const auto member = [&](const loop_place& here) -> coro<void> {
        loop_here = here.index();
        if (here.index() == 1) {
            co_await leave.wait();
            co_return;
        }
        auto all = co_await start_dispatcher(here, say_where, "127.0.0.1", 0);
        std::vector<stream> clients;
        for (int i = 0; i < 50; ++i) {
            clients.push_back(co_await open_connection("127.0.0.1", all.port()));
            if (i == 25) {
                leave.set();
            }
        }
        int lost = 0;
        for (stream& client : clients) {
            lost += (co_await client.read(1)).empty() ? 1 : 0;
        }
        EXPECT_LE(lost, 30) << "only what the loop had begun with ends with it";
        clients.clear();
        const bool in_time = co_await all.shutdown(10s);
        EXPECT_TRUE(in_time);
    };
    run_on_loops(2, member, {.driver = GetParam(), .pin = false});
}
