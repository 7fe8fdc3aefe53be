// SPDX-License-Identifier: MIT
#include <rondo/base/detail/random.hpp>
#include <rondo/sync/detail/item_store.hpp>

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

using rondo::smaller_first;
using rondo::detail::fifo_store;
using rondo::detail::lifo_store;
using rondo::detail::priority_store;

TEST(fifo_store, does_what_a_deque_does_while_it_wraps_and_grows) {
    fifo_store<std::unique_ptr<int>> store;
    std::deque<int> model;
    for (int i = 0; i < 5000; ++i) {
        const bool push = model.empty() || (i % 7) < 4;
        if (push) {
            store.push(std::make_unique<int>(i));
            model.push_back(i);
        } else {
            EXPECT_EQ(*store.pop(), model.front());
            model.pop_front();
        }
        ASSERT_EQ(store.size(), model.size());
    }
    store.drop_last();
    model.pop_back();
    EXPECT_EQ(*store.pop(), model.front());
}

template <class Store>
class item_stores : public ::testing::Test {};
using stores =
    ::testing::Types<fifo_store<int>, lifo_store<int>, priority_store<int, smaller_first>>;
TYPED_TEST_SUITE(item_stores, stores);

TYPED_TEST(item_stores, have_room_where_the_next_push_takes_no_memory) {
    TypeParam store;
    EXPECT_FALSE(store.has_room());
    for (int i = 0; i < 100 || store.has_room(); ++i) {
        store.push(int{i});
    }
    EXPECT_FALSE(store.has_room());
    store.pop();
    EXPECT_TRUE(store.has_room());
}

TEST(fifo_store, destroys_what_is_left) {
    const auto item = std::make_shared<int>();
    {
        fifo_store<std::shared_ptr<int>> store;
        for (int i = 0; i < 20; ++i) {
            store.push(std::shared_ptr<int>(item));
        }
        store.clear();
        EXPECT_EQ(item.use_count(), 1);
        store.push(std::shared_ptr<int>(item));
    }
    EXPECT_EQ(item.use_count(), 1);
}

TEST(fifo_store, keeps_overaligned_items_aligned) {
    struct alignas(64) wide {
        int value;
    };
    fifo_store<wide> store;
    for (int i = 0; i < 100; ++i) {
        store.push(wide{i});
    }
    for (int i = 0; i < 100; ++i) {
        const wide item = store.pop();
        EXPECT_EQ(item.value, i);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&item) % 64, 0u);
    }
}

TEST(lifo_store, gives_the_last_first) {
    lifo_store<std::unique_ptr<int>> store;
    store.push(std::make_unique<int>(1));
    store.push(std::make_unique<int>(2));
    EXPECT_EQ(*store.pop(), 2);
    EXPECT_EQ(*store.pop(), 1);
    EXPECT_EQ(store.size(), 0u);
}

namespace {

struct job {
    int priority;
    int number;
};
struct by_priority {
    bool operator()(const job& a, const job& b) const { return a.priority < b.priority; }
};

}  // namespace

TEST(priority_store, is_a_stable_sort) {
    rondo::random_source random(1);
    for (int size = 0; size < 60; ++size) {
        priority_store<job, by_priority> store;
        std::vector<job> model;
        for (int number = 0; number < size; ++number) {
            const job j{static_cast<int>(random.below(6)), number};
            model.push_back(j);
            store.push(job(j));
        }
        std::sort(model.begin(), model.end(), [](const job& a, const job& b) {
            return std::pair(a.priority, a.number) < std::pair(b.priority, b.number);
        });
        for (const job& expected : model) {
            const job j = store.pop();
            EXPECT_EQ(j.priority, expected.priority);
            EXPECT_EQ(j.number, expected.number);
        }
    }
}

TEST(priority_store, takes_what_can_only_be_moved) {
    struct before {
        bool operator()(const std::unique_ptr<int>& a, const std::unique_ptr<int>& b) const {
            return *a < *b;
        }
    };
    priority_store<std::unique_ptr<int>, before> store;
    for (const int i : {2, 1, 3}) {
        store.push(std::make_unique<int>(i));
    }
    for (const int i : {1, 2, 3}) {
        EXPECT_EQ(*store.pop(), i);
    }
}
