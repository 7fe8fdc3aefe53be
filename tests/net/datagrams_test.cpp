// SPDX-License-Identifier: MIT
#include "on_kernel.hpp"

#include <limits>
#include <string>

#include <unistd.h>

using namespace rondo;

namespace {

class datagrams : public rondo_test::on_kernel {};

ON_EVERY_KERNEL_DRIVER(datagrams);

}  // namespace

TEST_P(datagrams, of_unix_sockets_are_received_whole_whatever_their_size) {
    run([]() -> coro<void> {
        const std::string name(1, '\0');
        const std::string here = name + "rondo-datagrams-" + std::to_string(::getpid());
        udp_socket a(address::of_path(here + "a"));
        udp_socket b(address::of_path(here + "b"));
        for (const std::size_t size : {0, 1, 65'536, 65'537, 100'000}) {
            const std::string sent(size, 'x');
            co_await a.send_to(sent, b.getsockname());
            const datagram got = co_await b.recv_from(200'000);
            EXPECT_EQ(got.data.size(), size);
            EXPECT_FALSE(got.truncated) << size;
            EXPECT_EQ(got.from, a.getsockname());
        }
        const std::string sent(100'000, 'x');
        for (const std::size_t most : {10, 65'536, 70'000}) {
            co_await a.send_to(sent, b.getsockname());
            const datagram got = co_await b.recv_from(most);
            EXPECT_EQ(got.data.size(), most);
            EXPECT_TRUE(got.truncated) << most;
        }
        co_await a.send_to(sent, b.getsockname());
        const datagram got = co_await b.recv_from(std::numeric_limits<std::size_t>::max());
        EXPECT_EQ(got.data.size(), sent.size());
    });
}
