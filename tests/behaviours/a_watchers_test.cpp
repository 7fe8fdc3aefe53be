// SPDX-License-Identifier: MIT
#include "behaviour.hpp"
#include "descriptors.hpp"

#include <stdexcept>
#include <system_error>

#include <sys/socket.h>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::pipe_pair;
using rondo_test::socket_pair;

BEHAVIOUR(B031_add_reader_fires_while_readable_until_removed) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const pipe_pair pipe;
        int calls = 0;
        const future<void> thrice = loop.create_future<void>();
        loop.add_reader(pipe.read_end, [&] {
            if (++calls == 3) {
                thrice.set_result();
                loop.remove_reader(pipe.read_end);
            }
        });
        co_await sleep(1ms);
        EXPECT_EQ(calls, 0) << "nothing to read yet";
        pipe.send("x");  // never read, so that it stays readable
        co_await thrice;
        co_await sleep(1ms);
        EXPECT_EQ(calls, 3);

        loop.add_reader(pipe.read_end, [&] {
            pipe.drain();
            ++calls;
        });
        co_await sleep(1ms);
        EXPECT_EQ(calls, 4) << "read empty, it is no longer readable";
        loop.remove_reader(pipe.read_end);
    });
}

BEHAVIOUR(B032_adding_again_replaces_the_callback_and_cancels_the_old_one) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const pipe_pair one;
        const pipe_pair two;
        one.send("x");
        two.send("x");
        const auto stop = [&](const pipe_pair& pipe) { loop.remove_reader(pipe.read_end); };
        // Both are ready in one pass; whichever runs first replaces the other.
        const auto replace = [&](const pipe_pair& mine, const pipe_pair& other) {
            note("old");
            stop(mine);
            loop.add_reader(other.read_end, [&] {
                note("new");
                stop(other);
            });
        };
        loop.add_reader(one.read_end, [&] { replace(one, two); });
        loop.add_reader(two.read_end, [&] { replace(two, one); });
        co_await sleep(1ms);
    });
    EXPECT_EQ(trace(), "old new");
}

BEHAVIOUR(B032_a_replaced_callback_waits_until_the_descriptor_is_ready_again) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const pipe_pair one;
        const pipe_pair two;
        one.send("x");
        two.send("x");
        const auto replace = [&](const pipe_pair& mine, const pipe_pair& other) {
            note("old");
            loop.remove_reader(mine.read_end);
            other.drain();
            loop.add_reader(other.read_end, [&] { note("nothing_to_read"); });
        };
        loop.add_reader(one.read_end, [&] { replace(one, two); });
        loop.add_reader(two.read_end, [&] { replace(two, one); });
        co_await sleep(1ms);
        loop.remove_reader(one.read_end);
        loop.remove_reader(two.read_end);
    });
    EXPECT_EQ(trace(), "old");
}

BEHAVIOUR(B033_remove_reader_is_true_once_and_then_false) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const socket_pair sockets;
        EXPECT_FALSE(loop.remove_reader(sockets.near));
        EXPECT_FALSE(loop.remove_writer(sockets.near));
        loop.add_reader(sockets.near, [] {});
        EXPECT_FALSE(loop.remove_writer(sockets.near));
        EXPECT_TRUE(loop.remove_reader(sockets.near));
        EXPECT_FALSE(loop.remove_reader(sockets.near));
        loop.add_writer(sockets.near, [] {});
        EXPECT_TRUE(loop.remove_writer(sockets.near));
        EXPECT_FALSE(loop.remove_writer(sockets.near));
        EXPECT_FALSE(loop.remove_reader(-1));
        EXPECT_FALSE(loop.remove_reader(1 << 20));
        co_return;
    });
}

BEHAVIOUR(B034_removing_inside_the_same_batch_suppresses_a_callback_that_is_queued) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const socket_pair sockets;
        EXPECT_EQ(::send(sockets.far, "x", 1, 0), 1);
        loop.add_writer(sockets.near, [&] { note("writer"); });
        loop.add_reader(sockets.near, [&] {
            note("reader");
            EXPECT_TRUE(loop.remove_writer(sockets.near));
            EXPECT_TRUE(loop.remove_reader(sockets.near));
        });
        co_await sleep(1ms);
    });
    EXPECT_EQ(trace(), "reader");
}

BEHAVIOUR(B035_reader_and_writer_are_independent_and_the_reader_runs_first) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const socket_pair sockets;
        EXPECT_EQ(::send(sockets.far, "x", 1, 0), 1);
        loop.add_writer(sockets.near, [&] {
            note("writer");
            loop.remove_writer(sockets.near);
        });
        loop.add_reader(sockets.near, [&] {
            note("reader");
            if (notes().size() == 3) {
                loop.remove_reader(sockets.near);
            }
        });
        co_await sleep(1ms);
    });
    EXPECT_EQ(trace(), "reader writer reader");
}

BEHAVIOUR(B035_a_peer_that_stops_sending_makes_readable_and_not_writable) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const socket_pair sockets;
        sockets.fill();
        ::shutdown(sockets.far, SHUT_WR);
        loop.add_writer(sockets.near, [&] { note("writer"); });
        loop.add_reader(sockets.near, [&] {
            note("end");
            loop.remove_reader(sockets.near);
        });
        co_await sleep(2ms);
        loop.remove_writer(sockets.near);
    });
    EXPECT_EQ(trace(), "end");
}

BEHAVIOUR(B036_watcher_calls_after_close_fail_or_are_false_and_never_crash) {
    const socket_pair sockets;
    const auto loop = make_loop();
    loop->add_reader(sockets.near, [&] { note("never"); });
    loop->add_writer(sockets.far, [&] { note("never"); });
    loop->close();
    EXPECT_FALSE(loop->remove_reader(sockets.near));
    EXPECT_FALSE(loop->remove_writer(sockets.far));
    EXPECT_THROW(loop->add_reader(sockets.near, [] {}), std::runtime_error);
    EXPECT_THROW(loop->add_writer(sockets.near, [] {}), std::runtime_error);
    EXPECT_EQ(trace(), "");
}

BEHAVIOUR(B036_watchers_of_a_descriptor_that_was_closed_can_be_removed) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        int number = -1;
        {
            const socket_pair sockets;
            number = sockets.near;
            loop.add_reader(number, [] {});
            loop.add_writer(number, [] {});
        }
        EXPECT_TRUE(loop.remove_reader(number));
        EXPECT_TRUE(loop.remove_writer(number));
        EXPECT_THROW(loop.add_reader(number, [] {}), std::system_error);
        EXPECT_THROW(loop.add_reader(-1, [] {}), std::invalid_argument);
        co_return;
    });
}

namespace {

/// What a socket has at its descriptor.
class watch_of_a_socket final : public fd_watch {
public:
    explicit watch_of_a_socket(int fd) : fd_watch(fd, true) {}
    void on_ready(io_events, bool) noexcept override {}
};

}  // namespace

BEHAVIOUR(B037_add_reader_on_a_descriptor_that_a_socket_watches_fails) {
    run([&]() -> coro<void> {
        event_loop& loop = get_running_loop();
        const socket_pair sockets;
        watch_of_a_socket watch(sockets.near);
        core_of(loop).io().watch(watch, io_events::read);
        EXPECT_THAT([&] { loop.add_reader(sockets.near, [] {}); },
                    ::testing::ThrowsMessage<std::runtime_error>(
                        ::testing::HasSubstr("is watched already")));
        EXPECT_FALSE(loop.remove_reader(sockets.near));
        core_of(loop).io().watch(watch, io_events::none);
        loop.add_reader(sockets.near, [] {});
        EXPECT_TRUE(loop.remove_reader(sockets.near));
        co_return;
    });
}
