// SPDX-License-Identifier: MIT
#include <rondo/base/assert.hpp>
#include <rondo/core/timer_heap.hpp>

#include <algorithm>

namespace rondo::detail {

void timer_heap::arm(timer_node& node, time_point deadline) {
    RONDO_ASSERT(!node.armed(), "a timer is armed once");
    node.order_ = ++armed_so_far_;
    const entry e{deadline, &node};
    entries_.push_back(e);
    sift_up(entries_.size() - 1, e);
}

void timer_heap::disarm(timer_node& node) noexcept {
    const std::size_t slot = node.slot_;
    RONDO_ASSERT(slot < entries_.size() && entries_[slot].node == &node,
                 "a timer is disarmed where it was armed");
    node.slot_ = timer_node::unarmed;
    const entry last = entries_.back();
    entries_.pop_back();
    if (slot == entries_.size()) {
        return;
    }
    if (slot > 0 && before(last, entries_[(slot - 1) / 4])) {
        sift_up(slot, last);
    } else {
        sift_down(slot, last);
    }
}

timer_node& timer_heap::pop() noexcept {
    timer_node& first = *entries_.front().node;
    disarm(first);
    return first;
}

void timer_heap::clear() noexcept {
    for (entry& e : entries_) {
        e.node->slot_ = timer_node::unarmed;
    }
    entries_.clear();
}

void timer_heap::sift_up(std::size_t slot, const entry& e) noexcept {
    while (slot > 0) {
        const std::size_t parent = (slot - 1) / 4;
        if (!before(e, entries_[parent])) {
            break;
        }
        place(slot, entries_[parent]);
        slot = parent;
    }
    place(slot, e);
}

void timer_heap::sift_down(std::size_t slot, const entry& e) noexcept {
    const std::size_t count = entries_.size();
    for (;;) {
        const std::size_t first_child = slot * 4 + 1;
        if (first_child >= count) {
            break;
        }
        std::size_t smallest = first_child;
        const std::size_t end = std::min(first_child + 4, count);
        for (std::size_t child = first_child + 1; child < end; ++child) {
            if (before(entries_[child], entries_[smallest])) {
                smallest = child;
            }
        }
        if (!before(entries_[smallest], e)) {
            break;
        }
        place(slot, entries_[smallest]);
        slot = smallest;
    }
    place(slot, e);
}

}  // namespace rondo::detail
