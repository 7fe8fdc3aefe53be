// SPDX-License-Identifier: MIT
#include "driver/ring.hpp"

#include "driver/descriptors.hpp"
#include "sys/sys.hpp"

#include <array>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using rondo::detail::ring;
using rondo_test::ends;
using rondo_test::socket_pair;

namespace {

constexpr auto events = sys::epoll_in | sys::epoll_out;
constexpr int many = 100;

class small_ring : public ::testing::Test {
protected:
    void SetUp() override {
        try {
            queue.emplace(8, 16);
        } catch (const std::system_error& e) {
            GTEST_SKIP() << e.what();
        }
    }

    /// How often each of `many` marks has completed, in `more` or for the last time.
    struct tally {
        std::array<int, many> more{};
        std::array<int, many> last{};
    };
    tally completions() {
        tally found;
        sys::ring_completion c;
        for (int rounds = 0; rounds < many; ++rounds) {
            while (queue->next(c)) {
                const bool last = (c.flags & sys::ring_more_to_come) == 0;
                if (c.data < many) {
                    ++(last ? found.last : found.more)[c.data];
                }
            }
            queue->hand_over();
        }
        return found;
    }

    std::optional<ring> queue;
};

}  // namespace

TEST_F(small_ring, takes_more_requests_than_it_has_room_for) {
    std::vector<ends> pairs;
    for (int i = 0; i < many; ++i) {
        pairs.push_back(socket_pair());
        ASSERT_TRUE(queue->poll(*pairs.back().near, events, static_cast<std::uint64_t>(i)));
    }
    const tally found = completions();
    for (std::size_t i = 0; i < many; ++i) {
        EXPECT_EQ(found.more[i] + found.last[i], 1) << "all are writable, and each is told of once";
    }
}

TEST_F(small_ring, keeps_completions_that_it_has_no_room_for) {
    std::vector<ends> pairs;
    for (int i = 0; i < many; ++i) {
        pairs.push_back(socket_pair());
        ASSERT_TRUE(queue->poll(*pairs.back().near, sys::epoll_in, static_cast<std::uint64_t>(i)));
    }
    queue->hand_over();
    ASSERT_TRUE(queue->cancel_all());
    const tally found = completions();
    for (std::size_t i = 0; i < many; ++i) {
        EXPECT_EQ(found.last[i], 1);
    }
    EXPECT_TRUE(queue->is_idle());
}

TEST_F(small_ring, is_idle_when_asking_the_kernel_would_tell_nothing) {
    const ends pair = socket_pair();
    EXPECT_TRUE(queue->is_idle());
    ASSERT_TRUE(queue->poll(*pair.near, sys::epoll_in, 1));
    EXPECT_FALSE(queue->is_idle()) << "a request";
    queue->hand_over();
    EXPECT_TRUE(queue->is_idle());
    pair.far.send("x");
    EXPECT_FALSE(queue->is_idle()) << "work in the kernel";
    queue->hand_over();
    EXPECT_FALSE(queue->is_idle()) << "a completion";
    sys::ring_completion c;
    EXPECT_TRUE(queue->next(c));
    EXPECT_FALSE(queue->next(c));
    EXPECT_TRUE(queue->is_idle());
}

TEST_F(small_ring, belongs_to_one_thread) {
    std::thread([&] { EXPECT_EQ(queue->hand_over(), -EEXIST); }).join();
    EXPECT_EQ(queue->hand_over(), 0);
}

TEST_F(small_ring, waits_as_long_as_it_may) {
    const auto before = sys::monotonic_now();
    EXPECT_EQ(queue->wait(std::chrono::milliseconds(2)), 0);
    EXPECT_GE(sys::monotonic_now() - before, 2'000'000);
}
