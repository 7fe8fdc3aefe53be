// SPDX-License-Identifier: MIT
#include "driver/transfer_ring.hpp"

#include "driver/descriptors.hpp"
#include "sys/doorkeeper.hpp"

#include <array>
#include <cerrno>
#include <optional>
#include <system_error>

#include <gtest/gtest.h>

using namespace rondo;
using rondo::detail::transfer_ring;
using rondo_test::ends;
using rondo_test::tcp_pair;

namespace {

/// Refuses to hand requests over, so many times.
class refuser final : private sys::doorkeeper {
public:
    refuser(int times, int code) noexcept : times_(times), code_(code) {}

private:
    int before(sys::call what, std::size_t&) noexcept override {
        return what == sys::call::io_uring_enter && times_-- > 0 ? -code_ : 0;
    }
    int times_;
    int code_;
};

class ring_of_transfers : public ::testing::Test {
protected:
    void SetUp() override {
        try {
            ring.emplace();
        } catch (const std::system_error& e) {
            GTEST_SKIP() << e.what();
        }
    }
    /// How many it sent; each is expected to have a result.
    std::size_t send() {
        std::array<char, 1> byte{'x'};
        std::array<sys::socket_transfer, 5> all;
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i] = {*pairs[i].near, byte.data(), byte.size(), 0};
        }
        const std::size_t done = ring->carry_out(all, sys::request_send);
        for (std::size_t i = 0; i < done; ++i) {
            EXPECT_EQ(all[i].result, 1);
        }
        return done;
    }
    /// How many have arrived at the other sides.
    int arrived() const {
        int count = 0;
        for (const ends& pair : pairs) {
            char bytes[10];
            count += static_cast<int>(::recv(*pair.far, bytes, sizeof bytes, MSG_DONTWAIT) > 0);
        }
        return count;
    }

    std::array<ends, 5> pairs{tcp_pair(), tcp_pair(), tcp_pair(), tcp_pair(), tcp_pair()};
    std::optional<transfer_ring> ring;
};

}  // namespace

TEST_F(ring_of_transfers, does_all_of_them) {
    EXPECT_EQ(send(), 5u);
    EXPECT_EQ(arrived(), 5);
}

TEST_F(ring_of_transfers, forgets_those_that_the_kernel_did_not_take) {
    for (const int code : {EAGAIN, EBUSY, EINTR, EEXIST}) {
        const refuser at_the_door(1, code);
        EXPECT_EQ(send(), 0u);
        EXPECT_EQ(arrived(), 0);
        EXPECT_EQ(send(), 5u);
        EXPECT_EQ(arrived(), 5);
    }
}
