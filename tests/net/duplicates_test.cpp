// SPDX-License-Identifier: MIT

// A socket that is closed while somebody has a duplicate of it: the kernel then goes on telling
// about it.
#include "net/on_kernel.hpp"

#include <string>

#include <unistd.h>

namespace {

using namespace rondo;
using namespace std::chrono_literals;

class a_duplicate : public rondo_test::on_kernel {};
ON_EVERY_KERNEL_DRIVER(a_duplicate);

/// Has waited, so that the driver watches.
coro<void> wait_in_vain(rondo::socket& on) {
    const auto waiting = create_task(on.recv(1));
    co_await yield_now();
    waiting.cancel();
    co_await gather(return_exceptions, waiting);
}

TEST_P(a_duplicate, of_a_closed_socket_tells_nobody_anything) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        co_await wait_in_vain(near);
        const int other = ::dup(near.fileno());
        near.close();
        co_await far.sendall("unread");
        co_await sleep(1ms);
        char text[6];
        EXPECT_EQ(::read(other, text, sizeof text), 6);
        ::close(other);
        EXPECT_EQ(co_await far.recv(1), "");
    });
}

TEST_P(a_duplicate, at_the_number_of_the_closed_socket_is_watched_as_a_new_one) {
    run([]() -> coro<void> {
        auto [near, far] = rondo::socket::pair();
        co_await wait_in_vain(near);
        const int number = near.fileno();
        const int other = ::dup(number);
        near.close();
        EXPECT_EQ(::dup2(other, number), number);
        ::close(other);
        rondo::socket again(number);
        const auto reading = create_task(again.recv(100));
        co_await yield_now();
        co_await far.sendall("hello");
        EXPECT_EQ(co_await reading, "hello");
    });
}

}  // namespace
