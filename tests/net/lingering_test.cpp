// SPDX-License-Identifier: MIT

// What was written before close() arrives, and then the end, whatever the other side has sent,
// still sends, or leaves unread.
#include "net/on_kernel.hpp"
#include <rondo/testing/network.hpp>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

namespace {

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::stream;

class lingering : public on_kernel {};
ON_EVERY_KERNEL_DRIVER(lingering);

/// How many bytes came, and whether the end did, rather than an error.
struct received {
    std::size_t bytes = 0;
    bool ended = false;
};

coro<received> read_to_the_end(stream& from) {
    received result;
    try {
        for (;;) {
            const std::string piece = co_await from.read(65'536);
            if (piece.empty()) {
                break;
            }
            result.bytes += piece.size();
        }
        result.ended = true;
    } catch (const std::system_error&) {
    }
    co_return result;
}

constexpr std::size_t answer = 2'000'000;

/// `near` has a question unread when it closes, with an answer in the kernel's buffers and its own.
coro<void> check_answer_arrives(stream near, stream far, bool more_comes) {
    far.write("question\n");
    far.write(std::string(100'000, 'q'));
    const std::string line = co_await near.readline();
    EXPECT_EQ(line, "question\n");
    near.write(std::string(answer, 'a'));
    co_await sleep(10ms);
    near.close();
    if (more_comes) {
        far.write(std::string(4'000'000, 'q'));
    }
    co_await sleep(10ms);
    const received got = co_await read_to_the_end(far);
    EXPECT_EQ(got.bytes, answer);
    EXPECT_TRUE(got.ended);
}

std::pair<stream, stream> unix_ends() {
    auto [a, b] = rondo::socket::pair();
    return {stream(std::move(a)), stream(std::move(b))};
}

/// Writes so much, as fast as it is taken.
coro<void> upload(stream& to, std::size_t mebibytes) {
    for (std::size_t i = 0; i < mebibytes; ++i) {
        to.write(std::string(1 << 20, 'q'));
        co_await to.drain();
    }
}

}  // namespace

TEST_P(lingering, an_answer_arrives_though_the_question_was_not_read_to_its_end) {
    run([]() -> coro<void> {
        auto ends = co_await connected();
        co_await check_answer_arrives(std::move(ends.near), std::move(ends.far), false);
    });
}

TEST_P(lingering, an_answer_arrives_though_more_of_the_question_comes_after_the_close) {
    run([]() -> coro<void> {
        auto ends = co_await connected();
        co_await check_answer_arrives(std::move(ends.near), std::move(ends.far), true);
    });
}

TEST_P(lingering, an_answer_arrives_through_a_unix_socket) {
    run([]() -> coro<void> {
        auto [near, far] = unix_ends();
        co_await check_answer_arrives(std::move(near), std::move(far), false);
    });
}

TEST_P(lingering, the_end_arrives_where_nothing_was_written) {
    run([]() -> coro<void> {
        auto tcp = co_await connected();
        auto local = unix_ends();
        tcp.far.write("unread");
        local.second.write("unread");
        co_await sleep(10ms);
        tcp.near.close();
        local.first.close();
        const received by_tcp = co_await read_to_the_end(tcp.far);
        EXPECT_TRUE(by_tcp.ended);
        const received by_unix = co_await read_to_the_end(local.second);
        EXPECT_TRUE(by_unix.ended);
    });
}

TEST_P(lingering, a_closed_reader_holds_the_other_side_up_until_the_writer_is_closed_too) {
    run([]() -> coro<void> {
        auto ends = co_await connected();
        auto [in, out] = std::move(ends.near).split();
        in.close();
        ends.far.write(std::string(20'000'000, 'q'));
        const bool sent =
            co_await move_on_after(20ms, [&]() -> coro<void> { co_await ends.far.drain(); });
        EXPECT_FALSE(sent) << "nobody takes it";
        out.write(std::string(answer, 'a'));
        out.close();
        const received got = co_await read_to_the_end(ends.far);
        EXPECT_EQ(got.bytes, answer);
        EXPECT_TRUE(got.ended);
    });
}

TEST_P(lingering, the_halves_of_a_split_stream_do_as_the_whole_does) {
    run([]() -> coro<void> {
        auto ends = co_await connected();
        ends.far.write(std::string(100'000, 'q'));
        auto [in, out] = std::move(ends.near).split();
        out.write(std::string(answer, 'a'));
        co_await sleep(10ms);
        in.close();
        out.close();
        const received got = co_await read_to_the_end(ends.far);
        EXPECT_EQ(got.bytes, answer);
        EXPECT_TRUE(got.ended);
        co_await out.wait_closed();
    });
}

TEST_P(lingering, clients_that_are_closed_by_their_server_get_what_was_written) {
    run([]() -> coro<void> {
        event answered;
        const auto handler = [&answered](stream s) -> coro<void> {
            s.write(std::string(8 << 20, 'a'));
            answered.set();
            const std::string rest = co_await s.read();
            EXPECT_LE(rest.size(), 100'000u);
        };
        auto server = co_await start_server(handler, "127.0.0.1", 0);
        auto client = co_await open_connection("127.0.0.1", server.port());
        client.write(std::string(100'000, 'q'));
        co_await answered.wait();
        server.close_clients();
        co_await sleep(20ms);
        const received got = co_await read_to_the_end(client);
        EXPECT_EQ(got.bytes, std::size_t{8} << 20);
        EXPECT_TRUE(got.ended);
        server.close();
        co_await server.wait_closed();
    });
}

TEST_P(lingering, discarding_goes_on_so_that_a_window_never_stays_shut) {
    run([]() -> coro<void> {
        auto ends = co_await connected();
        auto uploading = create_task(upload(ends.far, 48));
        const std::string some = co_await ends.near.readexactly(16 << 20);
        EXPECT_EQ(some.size(), std::size_t{16} << 20);
        ends.near.write(std::string(8 << 20, 'a'));
        co_await sleep(20ms);  // what comes fills the buffer, which has grown
        ends.near.close();
        co_await wait_for(uploading, 10s);
        const received got = co_await read_to_the_end(ends.far);
        EXPECT_EQ(got.bytes, std::size_t{8} << 20);
        EXPECT_TRUE(got.ended);
    });
}

TEST_P(lingering, does_not_wait_for_a_peer_that_has_everything_and_stays) {
    run([]() -> coro<void> {
        auto ends = co_await connected();
        ends.near.write("bye");
        ends.near.close();
        co_await wait_for(ends.near.wait_closed(), 3s);
        const received got = co_await read_to_the_end(ends.far);
        EXPECT_EQ(got.bytes, 3u);
        EXPECT_TRUE(got.ended);
    });
}

TEST_P(lingering, leaves_a_closed_stream_no_number_for_options) {
    run([]() -> coro<void> {
        auto ends = co_await connected();
        ends.far.write("unread");
        ends.near.write(std::string(answer, 'a'));
        const auto set = [&] { ends.near.set_option(socket_option::keep_alive, 1); };
        const auto get = [&] {
            static_cast<void>(ends.near.get_option(socket_option::keep_alive));
        };
        EXPECT_EQ(errno_of_call(set), 0);
        ends.near.close();
        EXPECT_EQ(errno_of_call(set), EBADF);
        EXPECT_EQ(errno_of_call(get), EBADF);
        EXPECT_FALSE(ends.near.peername());
        ends.near.abort();
        auto stranger = rondo::socket::tcp();  // gets the number
        EXPECT_EQ(errno_of_call(set), EBADF);
        EXPECT_EQ(stranger.get_option(socket_option::keep_alive), 0);
    });
}

TEST(lingering_in_simulation, ends_when_the_connection_turns_out_to_be_broken) {
    rondo::testing::fault_plan plan;
    const auto body = [&plan]() -> coro<void> {
        auto [near, far] = rondo::testing::memory_stream_pair();
        near.write(std::string(answer, 'a'));
        near.close();
        plan.fail(rondo::testing::call::recv, plan.calls(rondo::testing::call::recv) + 1,
                  ECONNRESET);
        far.write("nobody takes it");
        const int error = co_await errno_of(near.wait_closed());
        EXPECT_EQ(error, ECONNRESET);
    };
    rondo::testing::run(body(),
                        {.network = rondo::testing::network_link{.latency = 1ms}, .faults = &plan});
}

TEST(lingering_in_simulation, ends_five_seconds_after_the_other_side_last_took_something) {
    const auto body = []() -> coro<void> {
        auto& net = rondo::testing::running_network();
        const auto handler = [](stream s) -> coro<void> {
            static_cast<void>(co_await s.readline());
            s.write("answer");
            rondo::testing::running_network().isolate("main");
            s.close();
            const auto before = get_running_loop().time();
            co_await s.wait_closed();
            const auto took = get_running_loop().time() - before;
            EXPECT_GE(took, 5s);
            EXPECT_LT(took, 6s);
        };
        auto server = co_await rondo::testing::at_host("shop", start_server(handler, "shop", 80));
        auto client = co_await open_connection("shop", 80);
        client.write("question\n");
        co_await sleep(10s);
        net.heal();
        server.close();
        co_await server.wait_closed();
        client.abort();
        co_await sleep(10s);
    };
    rondo::testing::run(body(),
                        {.seed = 7, .network = rondo::testing::network_link{.latency = 1ms}});
}
