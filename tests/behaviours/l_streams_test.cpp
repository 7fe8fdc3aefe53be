// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "connections.hpp"

#include <cerrno>
#include <optional>
#include <system_error>

using namespace rondo;
using namespace std::chrono_literals;
using rondo::stream;

using namespace rondo_test;

BEHAVIOUR(B236_read_of_zero_some_and_all_bytes) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        far.write("hello world");
        EXPECT_EQ(co_await near.read(0), "");
        EXPECT_EQ(co_await near.read(5), "hello");
        EXPECT_FALSE(near.at_eof());
        far.close();
        EXPECT_EQ(co_await near.read(), " world");
        EXPECT_TRUE(near.at_eof());
        EXPECT_EQ(co_await near.read(5), "");
        EXPECT_EQ(co_await near.read(), "");

        auto [a, b] = co_await connected();
        char memory[4] = {};
        b.write("abcdef");
        EXPECT_EQ(co_await a.read_into(memory), 4u);
        EXPECT_EQ(std::string(memory, 4), "abcd");
        EXPECT_EQ(co_await a.readexactly(1), "e");
        EXPECT_EQ(co_await a.read_into(memory), 1u);
        b.close();
        EXPECT_EQ(co_await a.read_into(memory), 0u);
    });
}

BEHAVIOUR(B236_readline_gives_lines_and_at_the_end_what_is_left) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        far.write("one\ntwo\n\nrest");
        far.close();
        EXPECT_EQ(co_await near.readline(), "one\n");
        EXPECT_EQ(co_await near.readline(), "two\n");
        EXPECT_EQ(co_await near.readline(), "\n");
        EXPECT_EQ(co_await near.readline(), "rest");
        EXPECT_EQ(co_await near.readline(), "");
    });
}

BEHAVIOUR(B236_readline_refuses_a_line_over_the_limit_and_skips_it) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected(4);
        far.write("12345\nok\n");
        EXPECT_THROW(co_await near.readline(), limit_overrun_error);
        EXPECT_EQ(co_await near.readline(), "ok\n");
        far.write("123456789");
        EXPECT_THROW(co_await near.readline(), limit_overrun_error);
        far.write("end\n");
        EXPECT_EQ(co_await near.readline(), "end\n");
    });
}

BEHAVIOUR(B236_readexactly_and_readuntil_say_what_was_there_when_the_stream_ends) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        far.write("abcdef");
        far.close();
        EXPECT_EQ(co_await near.readexactly(0), "");
        EXPECT_EQ(co_await near.readexactly(2), "ab");
        try {
            co_await near.readexactly(9);
            ADD_FAILURE() << "there were only four";
        } catch (const incomplete_read_error& e) {
            EXPECT_EQ(e.partial(), "cdef");
            EXPECT_EQ(e.expected(), 9u);
            EXPECT_STREQ(e.what(), "4 bytes read on a total of 9 expected bytes");
        }
        try {
            co_await near.readuntil("x");
            ADD_FAILURE() << "there was nothing left";
        } catch (const incomplete_read_error& e) {
            EXPECT_EQ(e.partial(), "");
            EXPECT_EQ(e.expected(), std::nullopt);
        }
    });
}

BEHAVIOUR(B236_readuntil_takes_one_or_several_separators_and_keeps_the_limit) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected(8);
        far.write("key=value;next\r\nlast\n");
        EXPECT_EQ(co_await near.readuntil("="), "key=");
        std::vector<std::string> either{"\r\n", ";", "\n"};
        EXPECT_EQ(co_await near.readuntil(either), "value;");
        EXPECT_EQ(co_await near.readuntil(either), "next\r\n");
        EXPECT_EQ(co_await near.readuntil(either), "last\n");
        EXPECT_THROW(co_await near.readuntil(""), std::invalid_argument);

        far.write("0123456789;");
        try {
            co_await near.readuntil(";");
            ADD_FAILURE() << "the limit is 8";
        } catch (const limit_overrun_error& e) {
            EXPECT_EQ(e.consumed(), 10u);
        }
        EXPECT_EQ(co_await near.read(100), "0123456789;");
    });
}

BEHAVIOUR(B237_a_separator_that_is_split_over_chunks_is_found) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        const auto reader = [](stream& s) -> coro<std::string> {
            std::string separator = "ababc";
            co_return co_await s.readuntil(separator);
        };
        auto reading = create_task(reader(near));
        for (const char* chunk : {"xab", "ab", "ab", "c", "d"}) {  // overlapping prefixes
            far.write(chunk);
            co_await sleep(1ms);
        }
        EXPECT_EQ(co_await reading, "xabababc");
        EXPECT_EQ(co_await near.read(5), "d");
    });
}

BEHAVIOUR(B238_a_second_reader_is_refused) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        const auto reader = [](stream& s) -> coro<std::string> { co_return co_await s.read(5); };
        auto first = create_task(reader(near));
        co_await yield_now();
        EXPECT_THROW(co_await near.readline(), std::runtime_error);
        EXPECT_THROW(co_await near.read(1), std::runtime_error);
        far.write("hello");
        EXPECT_EQ(co_await first, "hello");
    });
}

BEHAVIOUR(B239_what_nobody_reads_stays_with_the_sender) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        congest(far);
        const std::size_t kept = far.write_buffer_size();
        EXPECT_EQ(co_await near.read(1), "x");
        co_await sleep(5ms);
        EXPECT_GT(far.write_buffer_size(), kept / 2);  // near did not read ahead
        far.abort();
    });
}

BEHAVIOUR(B240_drain_waits_above_the_high_mark_and_returns_below_the_low_one) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        congest(far);
        const auto drainer = [this](stream& s, const char* name) -> coro<void> {
            co_await s.drain();
            EXPECT_LE(s.write_buffer_size(), 16u * 1024);
            note(name);
        };
        auto one = create_task(drainer(far, "one"));
        auto two = create_task(drainer(far, "two"));
        co_await yield_now();
        EXPECT_EQ(trace(), "");
        far.write_eof();
        const auto total = co_await read_to_the_end(near);
        EXPECT_GE(total, 2u * 1024 * 1024);
        co_await one;
        co_await two;
        EXPECT_EQ(trace(), "one two");
        co_await far.drain();
    });
}

BEHAVIOUR(B241_drain_after_the_loss_throws_and_writing_is_dropped) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        near.abort();
        int code = 0;
        while (code == 0) {
            far.write("anybody?");
            code = co_await errno_of(far.drain());
            co_await sleep(1ms);
        }
        EXPECT_TRUE(code == EPIPE || code == ECONNRESET) << code;
        far.write("dropped");
        EXPECT_EQ(far.write_buffer_size(), 0u);
        EXPECT_EQ(co_await errno_of(far.drain()), code);
        far.close();
        EXPECT_EQ(co_await errno_of(far.wait_closed()), code);
    });
}

BEHAVIOUR(B241_a_drain_that_waits_throws_when_the_connection_is_lost) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        congest(far);
        auto draining = create_task(errno_of(far.drain()));
        co_await yield_now();
        EXPECT_FALSE(draining.done());
        near.close();  // with unread data: a reset
        const int code = co_await draining;
        EXPECT_TRUE(code == EPIPE || code == ECONNRESET) << code;
    });
}

BEHAVIOUR(B242_write_eof_closes_one_half) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        near.write("question");
        near.write_eof();
        EXPECT_THROW(near.write("more"), std::runtime_error);
        EXPECT_EQ(co_await far.read(), "question");
        far.write("answer");
        far.close();
        EXPECT_EQ(co_await near.read(), "answer");
    });
}

BEHAVIOUR(B242_write_eof_comes_after_what_is_kept) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        congest(far);
        far.write_eof();
        auto total = create_task(read_to_the_end(near));
        EXPECT_GE(co_await total, 2u * 1024 * 1024);
        near.write("seen");
        EXPECT_EQ(co_await far.read(4), "seen");
    });
}

BEHAVIOUR(B243_close_sends_what_is_kept_and_wait_closed_waits_for_it) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        congest(far);
        far.close();
        EXPECT_TRUE(far.is_closing());
        auto closed = create_task(far.wait_closed());
        co_await yield_now();
        EXPECT_FALSE(closed.done());
        EXPECT_GE(co_await read_to_the_end(near), 2u * 1024 * 1024);
        co_await closed;
        EXPECT_EQ(far.write_buffer_size(), 0u);
    });
}

BEHAVIOUR(B243_a_stream_that_goes_sends_what_it_kept) {
    run([&]() -> coro<void> {
        std::optional<stream> near;
        {
            auto pair = co_await connected();
            congest(pair.far);
            near = std::move(pair.near);
        }
        EXPECT_GE(co_await read_to_the_end(*near), 2u * 1024 * 1024);
    });
}

BEHAVIOUR(B243_abort_drops_what_is_kept) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        congest(far);
        const std::size_t kept = far.write_buffer_size();
        far.abort();
        EXPECT_EQ(far.write_buffer_size(), 0u);
        EXPECT_EQ(co_await errno_of(far.wait_closed()), ECONNABORTED);
        std::size_t total = 0;
        try {
            total = co_await read_to_the_end(near);
        } catch (const std::system_error&) {
        }
        EXPECT_LT(total, kept + 8u * 1024 * 1024);
    });
}

BEHAVIOUR(B243_closing_wakes_the_task_that_reads) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        auto reading = create_task(errno_of(near.readline()));
        co_await yield_now();
        near.close();
        EXPECT_EQ(co_await reading, EBADF);
        EXPECT_EQ(co_await errno_of(near.read(1)), EBADF);
        EXPECT_EQ(co_await far.read(), "");
    });
}

BEHAVIOUR(B244_what_a_handler_throws_is_reported_and_closes_the_connection) {
    run([&]() -> coro<void> {
        get_running_loop().set_exception_handler(
            [this](event_loop&, const exception_context& what) { note(what.message); });
        const auto handler = [](stream client) -> coro<void> {
            co_await client.readline();
            throw std::runtime_error("the handler failed");
        };
        auto server = co_await start_server(handler, "127.0.0.1", 0);
        auto client = co_await open_connection("127.0.0.1", server.port());
        client.write("hello\n");
        EXPECT_EQ(co_await client.read(), "");
        EXPECT_EQ(trace(), "unhandled exception in the handler of a connection");
        auto again = co_await open_connection("127.0.0.1", server.port());
        again.write("\n");
        EXPECT_EQ(co_await again.read(), "");
    });
}
