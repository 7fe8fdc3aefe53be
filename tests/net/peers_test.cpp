// SPDX-License-Identifier: MIT
#include "on_kernel.hpp"

#include <cerrno>
#include <optional>
#include <random>
#include <string>

#include <sys/socket.h>

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;

namespace {

/// What the other side of a connection may do, and what comes of it.
class peers : public on_kernel {};

/// Makes the close of that socket a reset.
void reset_when_closed(const rondo::socket& s) {
    const linger at_once{1, 0};
    ::setsockopt(s.fileno(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

coro<std::pair<rondo::socket, stream>> raw_and_stream() {
    rondo::socket listener = rondo::socket::tcp();
    listener.bind("127.0.0.1", 0);
    listener.listen();
    rondo::socket raw = rondo::socket::tcp();
    co_await raw.connect(listener.getsockname());
    rondo::socket accepted = co_await listener.accept();
    co_return std::pair(std::move(raw), stream(std::move(accepted)));
}

}  // namespace

TEST_P(peers, reads_that_are_cancelled_lose_no_byte) {
    run([]() -> coro<void> {
        constexpr int bytes = 5'000;
        auto ends = co_await connected();
        const auto send = [](stream& to) -> coro<void> {
            for (int i = 0; i < bytes; ++i) {
                to.write(std::string(1, static_cast<char>(i)));
                if (i % 3 == 0) {
                    co_await yield_now();
                }
            }
        };
        auto sending = create_task(send(ends.far));
        std::mt19937 random(7);
        int got = 0;
        int cancelled = 0;
        while (got < bytes) {
            auto reading = create_task(ends.near.read(1 + random() % 4));
            for (auto i = random() % 3; i > 0; --i) {
                co_await yield_now();
            }
            reading.cancel();
            const auto end = co_await as_outcome(reading);
            cancelled += end.has_value() ? 0 : 1;
            if (!end.has_value()) {
                co_await yield_now();
                continue;
            }
            for (const char c : end.value()) {
                EXPECT_EQ(c, static_cast<char>(got++));
            }
        }
        co_await sending;
        EXPECT_EQ(got, bytes);
        EXPECT_GT(cancelled, 10);
    });
}

TEST_P(peers, accepts_that_are_cancelled_lose_no_connection) {
    run([]() -> coro<void> {
        constexpr int connections = 300;
        rondo::socket listener = rondo::socket::tcp();
        listener.bind("127.0.0.1", 0);
        listener.listen(connections);  // what does not fit in is lost in the kernel
        const address at = listener.getsockname();
        const auto connect = [at]() -> coro<void> {
            rondo::socket s = rondo::socket::tcp();
            co_await s.connect(at);
            co_await s.recv(1);
        };
        const auto accept = [](rondo::socket& l) -> coro<int> {
            try {
                rondo::socket s = co_await l.accept();
                co_return 1;
            } catch (const cancelled_error&) {
                co_return 0;
            }
        };
        std::vector<task<void>> clients;
        for (int i = 0; i < connections; ++i) {
            clients.push_back(create_task(connect()));
        }
        std::mt19937 random(7);
        int accepted = 0;
        int cancelled = 0;
        while (accepted < connections) {
            auto accepting = create_task(accept(listener));
            for (auto i = random() % 3; i > 0; --i) {
                co_await yield_now();
            }
            accepting.cancel();
            auto end = co_await as_outcome(accepting);
            const int one = end.has_value() ? end.value() : 0;
            accepted += one;
            cancelled += 1 - one;
        }
        for (const auto& client : clients) {
            co_await client;
        }
        EXPECT_GT(cancelled, 0);
    });
}

TEST_P(peers, see_the_end_when_a_stream_is_closed_that_somebody_waits_on) {
    run([]() -> coro<void> {
        auto ends = co_await connected();
        auto reading = create_task(errno_of(ends.near.read(1)));
        auto far_reading = create_task(ends.far.read(1));
        co_await sleep(1ms);
        ends.near.close();
        EXPECT_EQ(co_await reading, EBADF);
        EXPECT_EQ(co_await wait_for(far_reading, 5s), "");
        auto raw = rondo::socket::pair();
        auto receiving = create_task(errno_of(raw.first.recv(1)));
        auto other = create_task(raw.second.recv(1));
        co_await sleep(1ms);
        raw.first.close();
        EXPECT_EQ(co_await receiving, EBADF);
        EXPECT_EQ(co_await wait_for(other, 5s), "");
    });
}

TEST_P(peers, that_reset_are_an_error_for_reader_and_writer_alike) {
    run([]() -> coro<void> {
        auto [raw, s] = co_await raw_and_stream();
        auto reading = create_task(errno_of(s.read(1)));
        co_await yield_now();
        reset_when_closed(raw);
        raw.close();
        EXPECT_EQ(co_await reading, ECONNRESET);
        EXPECT_EQ(co_await errno_of(s.drain()), ECONNRESET);
        s.write("into the void");
        EXPECT_EQ(s.write_buffer_size(), 0u);
        s.close();
        EXPECT_EQ(co_await errno_of(s.wait_closed()), ECONNRESET);
    });
}

TEST_P(peers, that_do_not_listen_any_more_are_a_broken_pipe_without_a_signal) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        far.close();
        EXPECT_EQ(co_await errno_of(near.sendall("hello")), EPIPE);
        auto ends = rondo::socket::pair();
        stream s(std::move(ends.first));
        ends.second.close();
        s.write("hello");
        EXPECT_EQ(co_await errno_of(s.drain()), EPIPE);
    });
}

TEST_P(peers, that_have_said_everything_can_still_be_told_something) {
    run([]() -> coro<void> {
        auto ends = co_await connected();
        ends.near.write("question");
        ends.near.write_eof();
        EXPECT_EQ(co_await ends.far.read(), "question");
        EXPECT_TRUE(ends.far.at_eof());
        const std::string answer(1'000'000, 'a');
        ends.far.write(answer);
        ends.far.close();
        EXPECT_TRUE(co_await ends.near.read() == answer);
    });
}

TEST_P(peers, that_never_read_hold_up_a_drain_but_no_memory_and_not_the_end) {
    run([]() -> coro<void> {
        auto ends = co_await connected();
        const std::string block(64 * 1024, 'x');
        std::size_t written = 0;
        const auto flood = [&](stream& to) -> coro<void> {
            for (;;) {
                to.write(block);
                written += block.size();
                co_await to.drain();
            }
        };
        EXPECT_THROW(co_await wait_for(flood(ends.far), 50ms), timeout_error);
        EXPECT_LE(ends.far.write_buffer_size(), 2u * 64 * 1024);
        EXPECT_GT(written, block.size());
        ends.far.close();  // has something to send still, and nobody takes it
        EXPECT_THROW(co_await wait_for(ends.far.wait_closed(), 10ms), timeout_error);
        ends.far.abort();
        EXPECT_EQ(co_await errno_of(ends.far.wait_closed()), ECONNABORTED);
    });
}

TEST_P(peers, that_have_not_read_everything_when_the_program_ends_lose_the_rest) {
    std::optional<stream> near;  // outlives the loop, and the far end does not
    const auto leave_it_unsent = [](std::optional<stream>& out) -> coro<void> {
        auto ends = co_await connected();
        ends.far.write(std::string(16 * 1024 * 1024, 'x'));
        EXPECT_GT(ends.far.write_buffer_size(), 0u);
        out = std::move(ends.near);
    };
    run_options options;
    options.driver = GetParam();
    rondo::run(leave_it_unsent(near), options);
    run([&]() -> coro<void> {
        std::size_t got = 0;
        std::string memory(256 * 1024, '\0');
        const auto drain = [&]() -> coro<void> {
            while (const std::size_t n = co_await near->read_into(memory)) {
                got += n;
            }
        };
        static_cast<void>(co_await errno_of(drain()));
        EXPECT_GT(got, 0u);
        EXPECT_LT(got, 16u * 1024 * 1024);
    });
    near.reset();
}

TEST(slow_peers, that_send_a_byte_a_second_are_read_to_the_line_or_to_the_timeout) {
    rondo::testing::run([]() -> coro<void> {
        auto ends = co_await connected();
        const auto drip = [](stream& to) -> coro<void> {
            for (const char c : std::string("a slow line\n")) {
                to.write(std::string(1, c));
                co_await sleep(1s);
            }
        };
        auto dripping = create_task(drip(ends.far));
        EXPECT_THROW(co_await wait_for(ends.near.readline(), 5s), timeout_error);
        EXPECT_EQ(co_await ends.near.readline(), "a slow line\n");
        co_await dripping;
    }());
}

TEST_P(peers, may_be_spoken_to_and_heard_by_two_tasks_with_a_half_each) {
    run([]() -> coro<void> {
        auto ends = co_await connected();
        auto echoing = create_task(echo(std::move(ends.far)));
        auto [reader, writer] = std::move(ends.near).split();
        const auto speak = [](stream_writer out) -> coro<void> {
            for (int i = 0; i < 100; ++i) {
                out.write(std::string(10'000, static_cast<char>('a' + i % 26)));
                co_await out.drain();
            }
            out.close();
            out.write("dropped");
            EXPECT_TRUE(out.is_closing());
            co_await out.wait_closed();
        };
        auto speaking = create_task(speak(std::move(writer)));
        const std::string all = co_await reader.read();  // the end comes, since the writer closed
        EXPECT_EQ(all.size(), 1'000'000u);
        EXPECT_FALSE(reader.is_closed());
        reader.close();
        EXPECT_TRUE(reader.is_closed());
        co_await speaking;
        co_await echoing;
    });
}

TEST_P(peers, see_no_end_when_only_the_reading_half_is_closed) {
    run([]() -> coro<void> {
        auto ends = co_await connected();
        auto [reader, writer] = std::move(ends.near).split();
        auto reading = create_task(errno_of(reader.read(1)));
        co_await yield_now();
        reader.close();
        EXPECT_EQ(co_await reading, EBADF);
        EXPECT_EQ(co_await errno_of(reader.read(1)), EBADF);
        writer.write("still there");
        EXPECT_EQ(co_await ends.far.readexactly(11), "still there");
        writer.close();
        EXPECT_EQ(co_await ends.far.read(), "");
        co_await writer.wait_closed();
    });
}

ON_EVERY_KERNEL_DRIVER(peers);
