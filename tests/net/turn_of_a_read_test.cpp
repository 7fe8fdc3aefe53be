// SPDX-License-Identifier: MIT

// A read that is woken at an edge reads when its turn comes, or, of a stream that brought little
// the last time, at once; what happens in between.
#include "net/on_kernel.hpp"
#include <rondo/testing/fault_plan.hpp>

#include <cerrno>
#include <stdexcept>
#include <string>

namespace {

using namespace rondo;
using namespace std::chrono_literals;

class turn_of_a_read : public rondo_test::on_kernel {};
ON_EVERY_KERNEL_DRIVER(turn_of_a_read);

coro<std::string> receive(rondo::socket& from) { return from.recv(16); }
coro<std::string> receive(stream& from) { co_return co_await from.read(16); }

/// Tries to read in each pass, so also in the one between the edge and the turn.
template <class From>
coro<int> refusals_until(const task<std::string>& done, From& from) {
    int refused = 0;
    while (!done.done()) {
        try {
            EXPECT_EQ(co_await receive(from), "") << "it has taken what another task awaits";
        } catch (const std::runtime_error&) {
            ++refused;
        }
        co_await yield_now();
    }
    co_return refused;
}

/// Two tasks read from `near`, and only the one that came first gets what comes.
template <class From>
coro<void> read_in_vain_beside_another(From& near, rondo::socket& far) {
    auto reading = create_task(receive(near));
    co_await yield_now();
    auto others = create_task(refusals_until(reading, near));
    co_await yield_now();
    co_await far.sendall("mine");
    EXPECT_EQ(co_await reading, "mine");
    EXPECT_GE(co_await others, 1);
}

TEST_P(turn_of_a_read, nobody_else_reads_before_it) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        co_await read_in_vain_beside_another(near, far);
    });
}

TEST_P(turn_of_a_read, nobody_else_reads_before_it_from_a_stream) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        stream in(std::move(near));
        co_await read_in_vain_beside_another(in, far);
    });
}

/// Closes `it` when there is something to read from `when`.
template <class Closed>
coro<void> close_then(rondo::socket& when, Closed& it) {
    EXPECT_EQ(co_await when.recv(1), "x");
    it.close();
}

TEST_P(turn_of_a_read, what_a_stream_received_before_it_was_closed_is_not_lost) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        auto [earlier, trigger] = rondo::socket::pair();
        stream in(std::move(near));
        auto closing = create_task(close_then(earlier, in));
        auto reading = create_task(receive(in));
        co_await yield_now();
        co_await trigger.sendall("x");
        co_await far.sendall("in time");
        co_await closing;
        EXPECT_EQ(co_await reading, "in time");
    });
}

TEST_P(turn_of_a_read, much_is_left_for_the_turn) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        stream in(std::move(near));
        auto reading = create_task([](stream& from) -> coro<std::size_t> {
            const std::string first = co_await from.read(100'000);
            co_return first.size();
        }(in));
        co_await yield_now();
        const std::string much(20'000, '.');
        co_await far.sendall(much);
        const std::size_t first = co_await reading;
        EXPECT_EQ(first, 4096u);
        EXPECT_EQ((co_await in.readexactly(much.size() - first)).size(), much.size() - first);
    });
}

TEST_P(turn_of_a_read, it_finds_the_socket_closed_when_that_came_first) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        auto [earlier, trigger] = rondo::socket::pair();
        auto closing = create_task(close_then(earlier, near));
        auto reading = create_task(rondo_test::errno_of(near.recv(16)));
        co_await yield_now();
        // One poll wakes both, and who is to close has its turn first.
        co_await trigger.sendall("x");
        co_await far.sendall("too late");
        co_await closing;
        EXPECT_EQ(co_await reading, EBADF);
    });
}

// A kernel may wake a reader and have nothing for it (select(2), "BUGS").

TEST_P(turn_of_a_read, it_waits_on_when_there_was_nothing_after_all) {
    rondo::testing::fault_plan plan;
    plan.fail(rondo::testing::call::recv, 2, EAGAIN);
    const rondo::testing::fault_plan::guard faults(&plan);
    run([&]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        stream in(std::move(near));
        auto reading = create_task(in.read(16));
        co_await yield_now();
        co_await far.sendall("mi");
        while (plan.failed() == 0) {
            co_await sleep(1ms);
        }
        EXPECT_FALSE(reading.done());
        co_await far.sendall("ne");
        EXPECT_EQ(co_await reading, "mine");
    });
}

/// A read that is cancelled between the edge that wakes it and its turn.
coro<void> cancel_in_between(coro<std::string> read, rondo::socket& far) {
    auto [earlier, trigger] = rondo::socket::pair();
    task<std::string> reading;
    auto cancelling = create_task([](rondo::socket& when, any_task& victim) -> coro<void> {
        EXPECT_EQ(co_await when.recv(1), "x");
        EXPECT_TRUE(victim.cancel());
    }(earlier, reading));
    co_await yield_now();
    reading = create_task(std::move(read));
    co_await yield_now();
    // One poll wakes both, and who is to cancel waits longer and so has its turn first.
    co_await trigger.sendall("x");
    co_await far.sendall("mine");
    co_await cancelling;
    EXPECT_THROW(co_await reading, cancelled_error);
}

TEST_P(turn_of_a_read, one_that_finds_nothing_is_cancelled_when_that_came_first) {
    rondo::testing::fault_plan plan;
    plan.fail(rondo::testing::call::recv, 4, EAGAIN);  // two each: a try, and the turn
    const rondo::testing::fault_plan::guard faults(&plan);
    run([&]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        co_await cancel_in_between(near.recv(16), far);
        EXPECT_EQ(plan.failed(), 1);
        co_await far.sendall("!");
        EXPECT_EQ(co_await near.recv(16), "mine!") << "nothing is lost";
    });
}

TEST_P(turn_of_a_read, one_that_has_found_nothing_at_the_edge_is_cancelled) {
    rondo::testing::fault_plan plan;
    plan.fail(rondo::testing::call::recv, 3, EAGAIN);  // two tries, and then the edge
    const rondo::testing::fault_plan::guard faults(&plan);
    run([&]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        stream in(std::move(near));
        const auto read = [&]() -> coro<std::string> { co_return co_await in.read(16); };
        co_await cancel_in_between(read(), far);
        EXPECT_EQ(plan.failed(), 1);
        co_await far.sendall("!");
        EXPECT_EQ(co_await in.read(16), "mine!") << "nothing is lost";
    });
}

TEST_P(turn_of_a_read, one_that_finds_something_has_it_and_is_cancelled_later) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        stream in(std::move(near));
        std::string got;
        const auto read = [&]() -> coro<std::string> {
            got = co_await in.read(16);
            co_await sleep_forever();
            co_return "";
        };
        co_await cancel_in_between(read(), far);
        EXPECT_EQ(got, "mine");
    });
}

TEST_P(turn_of_a_read, what_was_awaited_may_be_awaited_again_and_reads_on) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        stream in(std::move(near));
        auto some = in.read(2);
        co_await far.sendall("oned");
        EXPECT_EQ(co_await some, "on");
        EXPECT_EQ(co_await some, "ed");
        auto later = create_task([](rondo::socket& to) -> coro<void> {
            co_await yield_now();
            co_await to.sendall("oo");
        }(far));
        EXPECT_EQ(co_await some, "oo");
        co_await later;
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
