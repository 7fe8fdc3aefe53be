// SPDX-License-Identifier: MIT

// Descriptors of add_reader and of sock_* may be closed while they are watched.
#include "on_kernel.hpp"

#include <string>
#include <system_error>

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

class lost_readers : public rondo_test::on_kernel {};

ON_EVERY_KERNEL_DRIVER(lost_readers);

/// Under the number of something that was watched and is closed now.
void put(int fd, int number) {
    ASSERT_EQ(::dup2(fd, number), number);
    ::close(fd);
}

}  // namespace

TEST_P(lost_readers, the_next_stream_with_the_number_takes_their_place) {
    run([]() -> coro<void> {
        auto server = co_await start_server(rondo_test::echo, "127.0.0.1", 0);
        const int fd = ::eventfd(0, EFD_NONBLOCK);
        get_running_loop().add_reader(fd, [] {});
        co_await sleep(1ms);
        ::close(fd);
        auto s = co_await open_connection("127.0.0.1", server.port());
        s.write("hello\n");
        const std::string line = co_await wait_for(s.readline(), 10s);
        EXPECT_EQ(line, "hello\n");
    });
}

TEST_P(lost_readers, the_next_reader_with_the_number_takes_their_place) {
    run([]() -> coro<void> {
        auto& loop = get_running_loop();
        int old[2];
        int fresh[2];
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, old);
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fresh);
        int before = 0;
        int after = 0;
        loop.add_reader(old[0], [&] { ++before; });
        put(fresh[0], old[0]);
        loop.add_writer(old[0], [&] { loop.remove_writer(old[0]); });
        EXPECT_EQ(::write(fresh[1], "x", 1), 1);
        co_await sleep(1ms);
        EXPECT_EQ(before, 0) << "it was for what was closed";
        loop.add_reader(old[0], [&] {
            ++after;
            loop.remove_reader(old[0]);
        });
        co_await sleep(1ms);
        EXPECT_EQ(after, 1);
        for (const int fd : {old[0], old[1], fresh[1]}) {
            ::close(fd);
        }
    });
}

TEST_P(lost_readers, the_next_socket_of_sock_calls_with_the_number_takes_their_place) {
    run([]() -> coro<void> {
        int old[2];
        int fresh[2];
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, old);
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fresh);
        auto in_vain = create_task(sock_recv(old[0], 10));
        co_await sleep(1ms);
        put(fresh[0], old[0]);
        auto reading = create_task(sock_recv(old[0], 10));
        co_await sleep(1ms);
        co_await sock_sendall(fresh[1], "hello");
        EXPECT_EQ(co_await reading, "hello");
        EXPECT_FALSE(in_vain.done());
        in_vain.cancel();
        co_await wait(in_vain);
        co_await sock_sendall(old[0], "bye");
        EXPECT_EQ(co_await sock_recv(fresh[1], 10), "bye");
        for (const int fd : {old[0], old[1], fresh[1]}) {
            ::close(fd);
        }
    });
}

TEST_P(lost_readers, the_next_stream_takes_the_place_of_a_sock_call) {
    run([]() -> coro<void> {
        auto server = co_await start_server(rondo_test::echo, "127.0.0.1", 0);
        int pair[2];
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair);
        auto in_vain = create_task(sock_recv(pair[0], 10));
        co_await sleep(1ms);
        ::close(pair[0]);
        auto s = co_await open_connection("127.0.0.1", server.port());
        s.write("hello\n");
        EXPECT_EQ(co_await s.readline(), "hello\n");
        in_vain.cancel();
        co_await wait(in_vain);
        ::close(pair[1]);
    });
}

TEST_P(lost_readers, what_is_watched_still_is_refused_to_others) {
    run([]() -> coro<void> {
        auto pair = socket::pair();
        auto reading = create_task(pair.first.recv(1));
        co_await sleep(1ms);
        EXPECT_THROW(get_running_loop().add_reader(pair.first.fileno(), [] {}), std::runtime_error);
        co_await pair.second.send("x");
        co_await reading;
    });
}

TEST_P(lost_readers, a_number_that_is_no_descriptor_is_refused) {
    run([]() -> coro<void> {
        auto& loop = get_running_loop();
        for (const int fd : {1'000, 1'000'000, 2'000'000'000}) {
            const auto add = [&] { loop.add_reader(fd, [] {}); };
            EXPECT_EQ(rondo_test::errno_of_call(add), EBADF) << fd;
            EXPECT_FALSE(loop.remove_reader(fd));
        }
        for (const int fd : {1'000'000, 2'000'000'000}) {
            const auto receive = [&] { static_cast<void>(sock_recv(fd, 1)); };
            EXPECT_EQ(rondo_test::errno_of_call(receive), EBADF) << fd;
        }
        co_return;
    });
}
