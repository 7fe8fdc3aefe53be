// SPDX-License-Identifier: MIT

// A read that is woken at an edge reads when its turn comes; what happens in between.
#include "net/on_kernel.hpp"

#include <stdexcept>
#include <string>

namespace {

using namespace rondo;
using namespace std::chrono_literals;

class turn_of_a_read : public rondo_test::on_kernel {};
ON_EVERY_KERNEL_DRIVER(turn_of_a_read);

/// Tries to read in each pass, so also in the one between the edge and the turn.
coro<int> refusals_until(const task<std::string>& done, rondo::socket& from) {
    int refused = 0;
    while (!done.done()) {
        try {
            EXPECT_EQ(co_await from.recv(16), "") << "it has taken what another task awaits";
        } catch (const std::runtime_error&) {
            ++refused;
        }
        co_await yield_now();
    }
    co_return refused;
}

TEST_P(turn_of_a_read, nobody_else_reads_before_it) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        auto reading = create_task(near.recv(16));
        co_await yield_now();
        auto others = create_task(refusals_until(reading, near));
        co_await yield_now();
        co_await far.sendall("mine");
        EXPECT_EQ(co_await reading, "mine");
        EXPECT_GE(co_await others, 1);
    });
}

TEST_P(turn_of_a_read, it_finds_the_socket_closed_when_that_came_first) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        auto [earlier, trigger] = rondo::socket::pair();
        auto closing = create_task([](rondo::socket& when, rondo::socket& s) -> coro<void> {
            EXPECT_EQ(co_await when.recv(1), "x");
            s.close();
        }(earlier, near));
        auto reading = create_task(rondo_test::errno_of(near.recv(16)));
        co_await yield_now();
        // One poll wakes both, and who is to close has its turn first.
        co_await trigger.sendall("x");
        co_await far.sendall("too late");
        co_await closing;
        EXPECT_EQ(co_await reading, EBADF);
    });
}

coro<void> greet(stream client) {
    client.write("hello\n");
    co_await client.drain();
    EXPECT_EQ(co_await client.readline(), "answer\n");
}

TEST_P(turn_of_a_read, a_new_connection_may_be_written_to_first) {
    run([]() -> coro<void> {
        auto server = co_await start_server(greet, "127.0.0.1", 0);
        auto client = co_await open_connection("127.0.0.1", server.port());
        EXPECT_EQ(co_await client.readline(), "hello\n");
        client.write("answer\n");
        EXPECT_EQ(co_await client.read(), "");
        co_await server.shutdown(1s);
    });
}

}  // namespace
