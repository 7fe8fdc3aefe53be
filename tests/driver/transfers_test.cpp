// SPDX-License-Identifier: MIT

// Several transfers at once give what they would give one by one, in whatever way a driver makes
// them.
#include "driver/kernel_driver.hpp"
#include "sys/socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>

using namespace rondo;
using rondo_test::ends;
using rondo_test::tcp_pair;

namespace {

using transfers_at_once = std::vector<sys::socket_transfer>;

std::ptrdiff_t size_of(const std::string& s) { return static_cast<std::ptrdiff_t>(s.size()); }

class transfers : public kernel_driver {
protected:
    /// Sends each its own bytes, and receives them where they arrive.
    bool carries(std::size_t count) const {
        std::vector<ends> pairs;
        std::vector<std::string> bytes;
        std::vector<std::string> arrived(count, std::string(100, '\0'));
        transfers_at_once there;
        transfers_at_once here;
        for (std::size_t i = 0; i < count; ++i) {
            pairs.push_back(tcp_pair());
            bytes.push_back("for number " + std::to_string(i));
        }
        for (std::size_t i = 0; i < count; ++i) {
            there.push_back({*pairs[i].near, bytes[i].data(), bytes[i].size(), 0});
            here.push_back({*pairs[i].far, arrived[i].data(), arrived[i].size(), 0});
        }
        io->send_each(there.data(), there.size());
        io->recv_each(here.data(), here.size());
        bool all = true;
        for (std::size_t i = 0; i < count; ++i) {
            arrived[i].resize(
                static_cast<std::size_t>(std::max<std::ptrdiff_t>(here[i].result, 0)));
            all = all && there[i].result == size_of(bytes[i]) && arrived[i] == bytes[i];
        }
        return all;
    }
};
INSTANTIATE_TEST_SUITE_P(drivers, transfers,
                         ::testing::Values(driver_kind::epoll, driver_kind::io_uring),
                         rondo_test::driver_name);

void fill(const ends& pair) {
    const std::string much(100'000, '.');
    while (sys::send(*pair.near, much.data(), much.size()) > 0) {
    }
}

}  // namespace

TEST_P(transfers, each_gets_its_own) {
    for (const std::size_t count : {0u, 1u, 2u, 3u, 16u, 17u, 100u}) {
        EXPECT_TRUE(carries(count)) << count;
    }
}

TEST_P(transfers, io_uring_has_a_ring_for_them_from_three_on) {
    EXPECT_TRUE(carries(2));
    const int before = rondo_test::open_descriptors();
    EXPECT_TRUE(carries(3));
    const int rings = io->name() == "io_uring" ? 1 : 0;
    EXPECT_EQ(rondo_test::open_descriptors(), before + rings);
}

TEST_P(transfers, each_that_sends_has_its_own_result) {
    const ends good = tcp_pair();
    const ends full = tcp_pair();
    ends gone = tcp_pair();
    const ends shut = tcp_pair();
    gone.far.close();
    gone.near.send("x");  // is answered by a reset
    fill(full);
    ::shutdown(*shut.near, SHUT_WR);
    std::string bytes = "hello";
    transfers_at_once all;
    for (const int fd : {*full.near, *good.near, *gone.near, *shut.near, -1, *good.far}) {
        all.push_back({fd, bytes.data(), bytes.size(), 0});
    }
    io->send_each(all.data(), all.size());
    EXPECT_EQ(all[0].result, -EAGAIN);
    EXPECT_EQ(all[1].result, 5);
    EXPECT_TRUE(all[2].result == -ECONNRESET || all[2].result == -EPIPE) << all[2].result;
    EXPECT_EQ(all[3].result, -EPIPE) << "and no SIGPIPE";
    EXPECT_EQ(all[4].result, -EBADF);
    EXPECT_EQ(all[5].result, 5);
}

TEST_P(transfers, each_that_receives_has_its_own_result) {
    const ends good = tcp_pair();
    const ends silent = tcp_pair();
    ends ended = tcp_pair();
    good.near.send("hello");
    ended.near.close();
    std::array<char, 3> room{};
    transfers_at_once all;
    for (const int fd : {*silent.far, *good.far, *ended.far, -1}) {
        all.push_back({fd, room.data(), room.size(), 0});
    }
    io->recv_each(all.data(), all.size());
    EXPECT_EQ(all[0].result, -EAGAIN);
    EXPECT_EQ(all[1].result, 3) << "not more than there is room for";
    EXPECT_EQ(all[2].result, 0);
    EXPECT_EQ(all[3].result, -EBADF);
}

TEST_P(transfers, a_socket_that_is_almost_full_takes_a_part) {
    const std::array<ends, 3> pairs{tcp_pair(), tcp_pair(), tcp_pair()};
    std::string much(20'000'000, '.');
    transfers_at_once all;
    for (const ends& pair : pairs) {
        all.push_back({*pair.near, much.data(), much.size(), 0});
    }
    io->send_each(all.data(), all.size());
    for (const sys::socket_transfer& t : all) {
        EXPECT_GT(t.result, 0);
        EXPECT_LT(t.result, size_of(much));
    }
}

TEST_P(transfers, in_another_thread_and_in_this_one_again) {
    EXPECT_TRUE(carries(20));
    std::thread([&] { EXPECT_TRUE(carries(20)); }).join();
    EXPECT_TRUE(carries(20));
}

TEST_P(transfers, in_the_child_of_a_fork) {
    EXPECT_TRUE(carries(20));
    EXPECT_TRUE(rondo_test::in_a_child([&] {
        const bool first = carries(20);
        const int before = rondo_test::open_descriptors();
        return first && carries(20) && rondo_test::open_descriptors() == before;
    }));
    EXPECT_TRUE(carries(20));
}

TEST_P(transfers, go_on_where_the_kernel_gives_no_ring_for_them) {
    const bool without_ring = rondo_test::in_a_child([&] {
        std::vector<ends> pairs;
        for (int i = 0; i < 5; ++i) {
            pairs.push_back(tcp_pair());
        }
        const rondo_test::descriptor next(::dup(0));
        const rlimit no_more{static_cast<rlim_t>(*next), static_cast<rlim_t>(*next)};
        ::setrlimit(RLIMIT_NOFILE, &no_more);
        std::string bytes = "x";
        transfers_at_once all;
        for (const ends& pair : pairs) {
            all.push_back({*pair.near, bytes.data(), bytes.size(), 0});
        }
        io->send_each(all.data(), all.size());
        return std::all_of(all.begin(), all.end(), [](const auto& t) { return t.result == 1; });
    });
    EXPECT_TRUE(without_ring);
}
