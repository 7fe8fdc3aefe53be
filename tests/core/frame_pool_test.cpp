// SPDX-License-Identifier: MIT
#include <rondo/base/detail/config.hpp>
#include <rondo/base/detail/frame_pool.hpp>

#include <barrier>
#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace {

using rondo::detail::frame_pool;

/// Sizes are those that nothing else in this program takes.
std::vector<void*> allocate(std::size_t count, std::size_t size) {
    std::vector<void*> blocks;
    for (std::size_t i = 0; i < count; ++i) {
        blocks.push_back(frame_pool::allocate(size));
        std::memset(blocks.back(), 0xab, size);
    }
    return blocks;
}

void deallocate(const std::vector<void*>& blocks, std::size_t size) {
    for (void* block : blocks) {
        frame_pool::deallocate(block, size);
    }
}

std::size_t count_in(const std::vector<void*>& some, const std::set<void*>& all) {
    std::size_t count = 0;
    for (void* block : some) {
        count += all.count(block);
    }
    return count;
}

class a_frame_pool : public testing::Test {
    void SetUp() override {
        if (RONDO_SANITIZED) {
            GTEST_SKIP() << "sanitizers see every frame";
        }
    }
};

TEST_F(a_frame_pool, gives_blocks_that_do_not_overlap) {
    for (const std::size_t size : {1u, 16u, 17u, 176u, 512u, 2048u, 2049u, 100'000u}) {
        const std::vector<void*> blocks = allocate(100, size);
        std::set<std::uintptr_t> begins;
        for (void* block : blocks) {
            begins.insert(reinterpret_cast<std::uintptr_t>(block));
        }
        std::uintptr_t end = 0;
        for (const std::uintptr_t begin : begins) {
            EXPECT_GE(begin, end) << size;
            end = begin + size;
        }
        EXPECT_EQ(begins.size(), 100u) << size;
        deallocate(blocks, size);
    }
}

TEST_F(a_frame_pool, gives_again_what_was_freed_last) {
    const std::vector<void*> two = allocate(2, 1900);
    deallocate(two, 1900);
    EXPECT_EQ(frame_pool::allocate(1900), two[1]);
    EXPECT_EQ(frame_pool::allocate(1890), two[0]) << "sizes are rounded up to 16 bytes";
    deallocate(two, 1900);
}

TEST_F(a_frame_pool, begins_a_cache_line_with_what_is_a_multiple_of_one) {
    const std::vector<void*> other = allocate(1, 16);
    const std::vector<void*> lines = allocate(3000, 64 * 27);
    for (void* block : lines) {
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 64, 0u);
    }
    deallocate(lines, 64 * 27);
    deallocate(other, 16);
}

TEST_F(a_frame_pool, lets_a_thread_have_what_another_one_frees_all_the_time) {
    constexpr std::size_t size = 1872;
    constexpr std::size_t count = 3000;  // more than a batch
    std::set<void*> known;
    for (int round = 0; round < 20; ++round) {
        const std::vector<void*> blocks = allocate(count, size);
        known.insert(blocks.begin(), blocks.end());
        std::thread([&] { deallocate(blocks, size); }).join();
    }
    EXPECT_LT(known.size(), 2 * count) << "it would be 20 times as many";
}

TEST_F(a_frame_pool, has_what_threads_leave_behind) {
    constexpr std::size_t size = 1840;
    std::set<void*> known;
    std::thread([&] {
        const std::vector<void*> blocks = allocate(100, size);
        known.insert(blocks.begin(), blocks.end());
        deallocate(blocks, size);
    }).join();
    const std::vector<void*> blocks = allocate(100, size);
    EXPECT_EQ(count_in(blocks, known), 100u);
    deallocate(blocks, size);
}

TEST_F(a_frame_pool, has_what_a_thread_has_only_freed) {
    constexpr std::size_t size = 1824;
    const std::vector<void*> blocks = allocate(100, size);
    const std::set<void*> known(blocks.begin(), blocks.end());
    std::thread([&] { deallocate(blocks, size); }).join();
    const std::vector<void*> again = allocate(100, size);
    EXPECT_EQ(count_in(again, known), 100u);
    deallocate(again, size);
}

/// What `count` threads do at the same time, each when all have begun.
template <class Work>
void in_threads(int count, Work work) {
    std::barrier all_begun(count);
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) {
        threads.emplace_back([&all_begun, &work, i] {
            all_begun.arrive_and_wait();
            work(i);
            all_begun.arrive_and_wait();  // they end at the same time, too
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

TEST_F(a_frame_pool, does_not_grow_with_the_threads_that_come_and_go) {
    constexpr int threads = 8;
    constexpr std::size_t count = 50;
    constexpr std::size_t size = 1808;
    std::set<void*> known;
    for (int round = 0; round < 50; ++round) {
        std::vector<void*> taken[threads];
        in_threads(threads, [&](int i) {
            taken[i] = allocate(count, size);
            deallocate(taken[i], size);
        });
        for (const std::vector<void*>& blocks : taken) {
            known.insert(blocks.begin(), blocks.end());
        }
    }
    EXPECT_EQ(known.size(), threads * count);
}

TEST_F(a_frame_pool, cuts_on_where_threads_that_ended_left_off) {
    constexpr int threads = 8;
    constexpr std::size_t region = std::size_t{64} << 10;  // the least slab
    std::set<std::uintptr_t> regions;
    for (std::size_t size = 1024; size < 1024 + 20 * 16; size += 16) {  // each round another class
        void* taken[threads];
        in_threads(threads, [&](int i) { taken[i] = frame_pool::allocate(size); });
        for (void* block : taken) {
            regions.insert(reinterpret_cast<std::uintptr_t>(block) / region);
            frame_pool::deallocate(block, size);
        }
    }
    EXPECT_LE(regions.size(), 4u * threads) << "20 times as many slabs if they were lost";
}

TEST_F(a_frame_pool, works_in_the_destructors_of_a_thread_that_ends) {
    struct last {
        ~last() { deallocate(allocate(10, 1776), 1776); }
        int used = 0;
    };
    std::thread([] {
        static thread_local last outlives_the_pool;
        outlives_the_pool.used = 1;
        deallocate(allocate(1, 1776), 1776);
    }).join();
}

}  // namespace
