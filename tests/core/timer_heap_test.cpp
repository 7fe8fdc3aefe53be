// SPDX-License-Identifier: MIT
#include <rondo/base/detail/random.hpp>
#include <rondo/core/detail/timer_heap.hpp>

#include <algorithm>
#include <deque>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using detail::timer_heap;

namespace {

struct plain_timer final : detail::timer_node {
    void expire() noexcept override {}
    time_point deadline;
};

/// What a heap should do, done slowly: the timers in the order in which they were armed.
class model {
public:
    void arm(timer_heap& heap, plain_timer& timer, nanoseconds deadline) {
        timer.deadline = time_point(deadline);
        heap.arm(timer, timer.deadline);
        armed_.push_back(&timer);
    }
    void disarm(timer_heap& heap, std::size_t which) {
        heap.disarm(*armed_[which]);
        EXPECT_FALSE(armed_[which]->armed());
        armed_.erase(armed_.begin() + static_cast<std::ptrdiff_t>(which));
    }
    void expect_pop(timer_heap& heap) {
        const auto first = std::min_element(
            armed_.begin(), armed_.end(),
            [](const auto* a, const auto* b) { return a->deadline < b->deadline; });
        ASSERT_EQ(heap.next_deadline(), (*first)->deadline);
        ASSERT_EQ(&heap.pop(), *first);
        EXPECT_FALSE((*first)->armed());
        armed_.erase(first);
    }
    std::size_t size() const { return armed_.size(); }

private:
    std::vector<plain_timer*> armed_;
};

}  // namespace

TEST(timer_heap, whatever_is_armed_and_disarmed_the_earliest_and_oldest_comes_first) {
    random_source random(7);
    timer_heap heap;
    model expected;
    std::deque<plain_timer> timers;
    for (int step = 0; step < 20'000; ++step) {
        const auto choice = random.below(8);
        if (choice < 4 || expected.size() == 0) {
            // Few different deadlines, so that many are equal.
            const auto deadline = static_cast<nanoseconds::rep>(random.below(50));
            expected.arm(heap, timers.emplace_back(), nanoseconds(deadline));
        } else if (choice < 6) {
            expected.disarm(heap, random.below(expected.size()));
        } else {
            expected.expect_pop(heap);
        }
        ASSERT_EQ(heap.size(), expected.size());
    }
    while (expected.size() > 0) {
        expected.expect_pop(heap);
    }
    EXPECT_TRUE(heap.empty());
    EXPECT_EQ(heap.next_deadline(), time_point::max());
}

TEST(timer_heap, a_timer_can_be_armed_again) {
    timer_heap heap;
    plain_timer timer;
    for (const int deadline : {1, 2}) {
        heap.arm(timer, time_point(nanoseconds(deadline)));
        EXPECT_TRUE(timer.armed());
        EXPECT_EQ(heap.next_deadline(), time_point(nanoseconds(deadline)));
        heap.disarm(timer);
        EXPECT_FALSE(timer.armed());
        EXPECT_TRUE(heap.empty());
    }
}
