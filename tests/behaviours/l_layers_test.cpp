// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "connections.hpp"
#include "toy_layer.hpp"

#include <cerrno>

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;

namespace {

coro<stream_pair> layered() {
    auto pair = co_await connected();
    co_await put_layer_on(pair.near, pair.far);
    co_return pair;
}

}  // namespace

BEHAVIOUR(B251_start_tls_on_both_sides_loses_nothing_that_was_buffered) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        // In one piece: the plain end of the talk, the handshake and the first record.
        far.write("STARTTLS\nshake\n" + toy_layer::record('d', "first"));
        EXPECT_EQ(co_await near.readline(), "STARTTLS\n");
        toy_upgrade upgrade;
        co_await near.start_tls(upgrade);
        EXPECT_EQ(co_await near.readexactly(5), "first");
        near.write("answer");
        EXPECT_EQ(co_await far.readline(), "shake\n");
        EXPECT_EQ(co_await far.read(100), toy_layer::record('d', "answer"));
    });
}

BEHAVIOUR(B251_large_transfers_and_all_reads_work_over_a_layer) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await layered();
        std::string sent;
        for (int i = 0; sent.size() < 3'000'000; ++i) {
            sent += std::to_string(i);
        }
        const auto send = [](stream& s, const std::string& all) -> coro<void> {
            s.write("a line\n12345");
            s.write(all);
            co_await s.drain();
            s.close();
        };
        auto sending = create_task(send(far, sent));
        EXPECT_EQ(co_await near.readline(), "a line\n");
        char memory[2];
        EXPECT_EQ(co_await near.read_into(memory), 2u);
        EXPECT_EQ(co_await near.readexactly(3), "345");
        EXPECT_TRUE(co_await near.read() == sent);
        EXPECT_TRUE(near.at_eof());
        co_await sending;
    });
}

BEHAVIOUR(B251_what_the_layer_answers_by_itself_is_sent) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        far.write("shake\n");
        toy_upgrade upgrade;
        co_await near.start_tls(upgrade);
        EXPECT_EQ(co_await far.readline(), "shake\n");
        const std::string asked = toy_layer::record('p', "");
        far.write(asked.substr(0, 1));
        auto reading = create_task(near.read(100));
        co_await sleep(1ms);
        far.write(asked.substr(1));
        EXPECT_EQ(co_await far.readexactly(3), toy_layer::record('a', ""));
        EXPECT_FALSE(reading.done());  // nothing was said to the one who reads
        far.write(toy_layer::record('d', "this is"));
        EXPECT_EQ(co_await reading, "this is");
    });
}

BEHAVIOUR(B251_an_end_without_a_farewell_is_an_error_and_one_with_it_is_none) {
    run([&]() -> coro<void> {
        auto polite = co_await layered();
        polite.far.close();
        EXPECT_EQ(co_await polite.near.read(), "");

        auto rude = co_await layered();
        rude.far.write("cut off");
        co_await sleep(1ms);
        rude.far.abort();
        EXPECT_EQ(co_await rude.near.readexactly(7), "cut off");
        EXPECT_THROW(co_await rude.near.read(), std::runtime_error);
        EXPECT_EQ(co_await errno_of(rude.near.drain()), ECONNABORTED);
    });
}

BEHAVIOUR(B251_half_a_close_is_the_farewell_of_a_layer) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await layered();
        near.write("question");
        near.write_eof();
        EXPECT_THROW(near.write("more"), std::runtime_error);
        EXPECT_EQ(co_await far.read(), "question");
        far.write("answer");
        far.close();
        EXPECT_EQ(co_await near.read(), "answer");
    });
}

BEHAVIOUR(B251_a_handshake_that_fails_or_takes_too_long_closes_the_connection) {
    run([&]() -> coro<void> {
        toy_upgrade upgrade;
        auto wrong = co_await connected();
        wrong.far.write("no\n");
        EXPECT_THROW(co_await wrong.near.start_tls(upgrade), std::runtime_error);
        EXPECT_TRUE(wrong.near.is_closing());

        auto silent = co_await connected();
        EXPECT_THROW(co_await wait_for(silent.near.start_tls(upgrade), 5ms), timeout_error);
        EXPECT_TRUE(silent.near.is_closing());
        EXPECT_EQ(co_await silent.far.read(), "shake\n");
    });
}

BEHAVIOUR(B251_what_a_layer_throws_ends_the_connection) {
    run([&]() -> coro<void> {
        auto speaker = co_await layered();
        EXPECT_THROW(speaker.near.write("unspeakable"), std::runtime_error);
        EXPECT_EQ(co_await errno_of(speaker.near.drain()), ECONNABORTED);
        speaker.near.write("dropped");
        EXPECT_EQ(speaker.near.write_buffer_size(), 0u);

        auto [near, far] = co_await connected();
        far.write("shake\n" + toy_layer::record('?', ""));
        toy_upgrade upgrade;
        co_await near.start_tls(upgrade);
        EXPECT_THROW(co_await near.read(), std::runtime_error);
        EXPECT_EQ(co_await errno_of(near.drain()), ECONNABORTED);
        EXPECT_EQ(co_await errno_of(near.read(1)), ECONNABORTED);
    });
}

BEHAVIOUR(B251_layers_stand_on_layers) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await layered();
        co_await put_layer_on(near, far);
        co_await put_layer_on(near, far);
        const std::string large(300'000, 'l');
        near.write("a line\n");
        near.write({large, "the end"});
        auto sending = create_task(near.drain());
        EXPECT_EQ(co_await far.readline(), "a line\n");
        EXPECT_TRUE(co_await far.readexactly(large.size() + 7) == large + "the end");
        co_await sending;
        far.write("and back");
        far.close();
        EXPECT_EQ(co_await near.read(), "and back");
    });
}

BEHAVIOUR(B251_both_sides_may_be_congested_and_have_to_write_in_order_to_read) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await layered();
        const std::string large(4'000'000, 'l');
        const auto say = [](stream& s, const std::string& all) -> coro<void> {
            s.write(all);
            co_await s.drain();
            s.write_eof();
        };
        auto one = create_task(say(near, large));
        auto two = create_task(say(far, large));
        co_await sleep(1ms);
        auto heard = create_task(read_to_the_end(near));
        EXPECT_EQ(co_await read_to_the_end(far), large.size());
        EXPECT_EQ(co_await heard, large.size());
        co_await one;
        co_await two;
    });
}

BEHAVIOUR(B251_a_stream_tells_what_its_layers_know) {
    run([&]() -> coro<void> {
        auto [near, far] = co_await connected();
        const address peer = near.peername();
        EXPECT_EQ(near.get_extra_info("alpn"), "");
        co_await put_layer_on(near, far);
        EXPECT_EQ(near.peername(), peer);
        EXPECT_EQ(near.info().sockname, far.peername());
        EXPECT_EQ(near.get_extra_info("alpn"), "toy/1");
        EXPECT_EQ(near.get_extra_info("toy"), "as secret as it gets");
        near.set_option(socket_option::keep_alive, 1);
        EXPECT_EQ(near.get_option(socket_option::keep_alive), 1);
        near.close();
        EXPECT_EQ(near.get_extra_info("alpn"), "");
    });
}
