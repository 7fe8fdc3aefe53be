// SPDX-License-Identifier: MIT

// fill(), buffered() and consume(): what a parser reads by.
#include "behaviour.hpp"
#include "connections.hpp"
#include "toy_layer.hpp"

#include <cerrno>
#include <stdexcept>

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;

namespace {

/// Records of a length and as many bytes, until the end.
coro<std::vector<std::string>> parse_records(stream& from) {
    std::vector<std::string> records;
    for (bool more = co_await from.fill(); more; more = co_await from.fill()) {
        const auto size = static_cast<std::size_t>(from.buffered()[0] - '0');
        const bool whole = co_await from.fill(1 + size);
        EXPECT_TRUE(whole);
        records.emplace_back(from.buffered().substr(1, size));
        from.consume(1 + size);
    }
    co_return records;
}

/// Sends the two parts so that the second comes after the first was read.
coro<void> send_in_two(stream& to, std::string_view all, std::size_t at) {
    to.write(all.substr(0, at));
    co_await sleep(100us);
    to.write(all.substr(at));
    to.close();
}

const std::vector<std::string> some_records{"abc", "", "defgh", "i"};
constexpr std::string_view as_bytes = "3abc05defgh1i";

}  // namespace

BEHAVIOUR(B236_fill_gives_a_parser_every_byte_however_they_are_split) {
    for (std::size_t at = 0; at <= as_bytes.size(); ++at) {
        run([&]() -> coro<void> {
            auto [near, far] = co_await connected();
            auto sending = create_task(send_in_two(far, as_bytes, at));
            EXPECT_EQ(co_await parse_records(near), some_records) << "split at " << at;
            EXPECT_TRUE(near.at_eof());
            co_await sending;
        });
    }
}

BEHAVIOUR(B236_fill_does_the_same_over_a_layer) {
    for (std::size_t at = 0; at <= as_bytes.size(); ++at) {
        run([&]() -> coro<void> {
            auto [near, far] = co_await connected();
            co_await put_layer_on(near, far);
            auto sending = create_task(send_in_two(far, as_bytes, at));
            EXPECT_EQ(co_await parse_records(near), some_records) << "split at " << at;
            co_await sending;
        });
    }
}

BEHAVIOUR(B236_fill_that_has_enough_neither_reads_nor_yields) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        EXPECT_TRUE(co_await near.fill(0));
        far.write("abc");
        EXPECT_TRUE(co_await near.fill(3));
        far.write("def");
        co_await sleep(1ms);
        get_running_loop().call_soon([&] { note("others"); });
        EXPECT_TRUE(co_await near.fill(3));
        EXPECT_EQ(near.buffered(), "abc");
        EXPECT_EQ(trace(), "");
        EXPECT_TRUE(co_await near.fill(4));
        EXPECT_EQ(near.buffered(), "abcdef");
    });
}

BEHAVIOUR(B236_fill_before_whose_bytes_the_end_comes_is_false_and_they_are_buffered) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        far.write("abc");
        far.close();
        EXPECT_FALSE(co_await near.fill(4));
        EXPECT_EQ(near.buffered(), "abc");
        EXPECT_FALSE(near.at_eof());
        EXPECT_TRUE(co_await near.fill(3));
        near.consume(3);
        EXPECT_TRUE(near.at_eof());
        EXPECT_FALSE(co_await near.fill());
    });
}

BEHAVIOUR(B236_fill_of_more_than_the_limit) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected(16);
        std::string all;
        for (int i = 0; all.size() < 300'000; ++i) {
            all += std::to_string(i);
        }
        far.write(all);
        for (const std::size_t size : {100u, 60'000u, 70'000u, 300'000u}) {
            EXPECT_TRUE(co_await near.fill(size));
            EXPECT_GE(near.buffered().size(), size);
            EXPECT_TRUE(all.starts_with(near.buffered()));
        }
    });
}

BEHAVIOUR(B236_fill_that_is_cancelled_loses_nothing) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        const auto fill = [](stream& s, std::size_t n) -> coro<bool> {
            const bool there = co_await s.fill(n);
            co_return there;
        };
        auto filling = create_task(fill(near, 100));
        far.write("abc");
        co_await sleep(1ms);
        filling.cancel();
        EXPECT_THROW(co_await filling, cancelled_error);
        EXPECT_EQ(near.buffered(), "abc");
        far.write("def");
        EXPECT_EQ(co_await near.readexactly(6), "abcdef");
    });
}

BEHAVIOUR(B236_consume_of_more_than_there_is_throws_and_takes_nothing) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        far.write("abc");
        co_await near.fill(3);
        EXPECT_THROW(near.consume(4), std::out_of_range);
        near.consume(0);
        EXPECT_EQ(near.buffered(), "abc");
        near.consume(1);
        EXPECT_EQ(near.buffered(), "bc");
        EXPECT_EQ(co_await near.read(10), "bc");
    });
}

BEHAVIOUR(B236_fill_and_the_other_reads_share_one_buffer) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        far.write("one\ntwo;three");
        far.close();
        EXPECT_TRUE(co_await near.fill(2));
        EXPECT_EQ(co_await near.readline(), "one\n");
        EXPECT_TRUE(co_await near.fill());
        near.consume(1);
        EXPECT_EQ(co_await near.readuntil(";"), "wo;");
        EXPECT_EQ(co_await near.read(), "three");
    });
}

BEHAVIOUR(B238_fill_is_refused_beside_another_reader) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        const auto fill = [](stream& s) -> coro<bool> {
            const bool there = co_await s.fill(5);
            co_return there;
        };
        auto first = create_task(fill(near));
        co_await yield_now();
        EXPECT_THROW(co_await near.fill(), std::runtime_error);
        far.write("hello");
        EXPECT_TRUE(co_await first);
    });
}

BEHAVIOUR(B243_closing_wakes_the_task_that_fills) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        const auto fill = [](stream& s) -> coro<void> { co_await s.fill(5); };
        auto filling = create_task(errno_of(fill(near)));
        far.write("abc");
        co_await sleep(1ms);
        near.close();
        EXPECT_EQ(co_await filling, EBADF);
        EXPECT_EQ(near.buffered(), "abc");
    });
}

BEHAVIOUR(B236_fill_of_the_reading_half_and_of_a_pipe) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        auto [in, out] = std::move(near).split();
        far.write("abc");
        EXPECT_TRUE(co_await in.fill(3));
        EXPECT_EQ(in.buffered(), "abc");
        in.consume(2);
        EXPECT_EQ(in.buffered(), "c");
    });
    if (simulated()) {
        return;  // it has no pipes
    }
    run([&]() -> coro<void> {
        auto [in, out] = rondo::pipe();
        out.write({"ab", "cd"});
        EXPECT_TRUE(co_await in.fill(4));
        EXPECT_EQ(in.buffered(), "abcd");
        out.close();
        EXPECT_FALSE(co_await in.fill(5));
    });
}
