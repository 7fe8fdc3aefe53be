// SPDX-License-Identifier: MIT

// wait_readable() and wait_writable(): descriptors of other libraries.
#include "behaviour.hpp"
#include "connections.hpp"
#include <rondo/io/wait_readable.hpp>

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;

namespace {

/// A pair of the kernel's sockets, which block, as those of a library that knows no event loop.
class foreign_pair {
public:
    foreign_pair() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0); }
    foreign_pair(const foreign_pair&) = delete;
    foreign_pair& operator=(const foreign_pair&) = delete;
    ~foreign_pair() {
        close(0);
        close(1);
    }
    void close(int end) {
        if (ends[end] >= 0) {
            ::close(std::exchange(ends[end], -1));
        }
    }
    void say(const char* what) const {
        EXPECT_GT(::send(ends[1], what, std::char_traits<char>::length(what), 0), 0);
    }
    char hear() const {
        char c = 0;
        EXPECT_EQ(::read(ends[0], &c, 1), 1);
        return c;
    }
    void fill() const {
        const std::string much(64 * 1024, 'x');
        while (::send(ends[0], much.data(), much.size(), MSG_DONTWAIT) > 0) {
        }
    }

    int ends[2] = {-1, -1};
};

coro<void> until_readable(int fd) { co_await wait_readable(fd); }
coro<void> until_writable(int fd) { co_await wait_writable(fd); }

}  // namespace

BEHAVIOUR(B249_wait_readable_is_true_for_as_long_as_something_is_unread) {
    if (simulated()) {
        return;  // it watches no descriptors of the kernel
    }
    run([&]() -> coro<void> {
        const foreign_pair pair;
        auto waiting = create_task(until_readable(pair.ends[0]));
        co_await sleep(1ms);
        EXPECT_FALSE(waiting.done());
        pair.say("ab");
        co_await waiting;
        co_await wait_readable(pair.ends[0]);
        EXPECT_EQ(pair.hear(), 'a');
        co_await wait_readable(pair.ends[0]);  // at once: no edge comes for what is there
        EXPECT_EQ(pair.hear(), 'b');
        auto again = create_task(until_readable(pair.ends[0]));
        co_await sleep(1ms);
        EXPECT_FALSE(again.done());
        pair.say("c");
        co_await again;
    });
}

BEHAVIOUR(B249_wait_readable_ends_at_the_end) {
    if (simulated()) {
        return;
    }
    run([&]() -> coro<void> {
        foreign_pair pair;
        auto waiting = create_task(until_readable(pair.ends[0]));
        co_await yield_now();
        pair.close(1);
        co_await waiting;
        co_await wait_readable(pair.ends[0]);
    });
}

BEHAVIOUR(B249_wait_writable_waits_for_room) {
    if (simulated()) {
        return;
    }
    run([&]() -> coro<void> {
        foreign_pair pair;
        co_await wait_writable(pair.ends[0]);
        pair.fill();
        auto waiting = create_task(until_writable(pair.ends[0]));
        auto reading = create_task(until_readable(pair.ends[0]));
        co_await sleep(1ms);
        EXPECT_FALSE(waiting.done());
        std::string much(1024 * 1024, ' ');
        EXPECT_GT(::recv(pair.ends[1], much.data(), much.size(), 0), 0);
        co_await waiting;
        EXPECT_FALSE(reading.done());
        pair.say("x");
        co_await reading;
    });
}

BEHAVIOUR(B249_a_wait_that_is_cancelled_changes_nothing) {
    if (simulated()) {
        return;
    }
    run([&]() -> coro<void> {
        const foreign_pair pair;
        auto waiting = create_task(until_readable(pair.ends[0]));
        co_await yield_now();
        waiting.cancel();
        EXPECT_THROW(co_await waiting, cancelled_error);
        EXPECT_THROW(co_await wait_for(until_readable(pair.ends[0]), 1ms), timeout_error);
        pair.say("a");
        co_await wait_readable(pair.ends[0]);
        EXPECT_EQ(pair.hear(), 'a');
    });
}

BEHAVIOUR(B249_a_second_waiter_is_refused_and_what_is_closed_is_an_error) {
    if (simulated()) {
        return;
    }
    run([&]() -> coro<void> {
        const foreign_pair pair;
        auto waiting = create_task(until_readable(pair.ends[0]));
        co_await yield_now();
        EXPECT_THROW(co_await until_readable(pair.ends[0]), std::runtime_error);
        pair.say("a");
        co_await waiting;

        foreign_pair closed;
        const int number = closed.ends[0];
        closed.close(0);
        EXPECT_EQ(co_await errno_of(until_readable(number)), EBADF);
        EXPECT_THROW(co_await until_readable(-1), std::invalid_argument);
    });
}

BEHAVIOUR(B249_a_number_that_is_used_again_is_another_descriptor) {
    if (simulated()) {
        return;
    }
    run([&]() -> coro<void> {
        foreign_pair first;
        const int number = first.ends[0];
        auto in_vain = create_task(until_readable(number));
        co_await sleep(1ms);
        first.close(0);

        foreign_pair second;
        if (second.ends[0] != number) {
            EXPECT_EQ(::dup2(second.ends[0], number), number);
            second.close(0);
            second.ends[0] = number;
        }
        auto waiting = create_task(until_readable(number));
        co_await sleep(1ms);
        EXPECT_FALSE(waiting.done());
        second.say("a");
        co_await waiting;
        EXPECT_FALSE(in_vain.done());
        in_vain.cancel();
        EXPECT_THROW(co_await in_vain, cancelled_error);
        EXPECT_EQ(second.hear(), 'a');
        second.say("b");
        co_await wait_readable(number);
    });
}

BEHAVIOUR(B249_a_regular_file_is_always_ready) {
    run([&]() -> coro<void> {
        const int fd = ::open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
        co_await wait_readable(fd);
        ::close(fd);
    });
}

BEHAVIOUR(B249_a_socket_of_the_loop_may_be_waited_for_as_well) {
    run([&]() -> coro<void> {
        rondo::socket listener = rondo::socket::tcp();
        listener.bind("127.0.0.1", 0);
        listener.listen();
        rondo::socket near = rondo::socket::tcp();
        co_await near.connect(listener.getsockname());
        rondo::socket far = co_await listener.accept();
        if (simulated()) {  // where one state watches a socket
            co_await far.sendall("a");
            co_await sleep(1s);
            co_await wait_readable(near.fileno());
            co_await wait_writable(near.fileno());
        } else {
            const int copy = ::dup(near.fileno());
            auto waiting = create_task(until_readable(copy));
            co_await sleep(1ms);
            EXPECT_FALSE(waiting.done());
            co_await far.sendall("a");
            co_await waiting;
            ::close(copy);
        }
        EXPECT_EQ(co_await near.recv(5), "a");
    });
}
