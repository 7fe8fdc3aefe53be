// SPDX-License-Identifier: MIT
#include <rondo/core/timer_heap.hpp>

#include <algorithm>

namespace rondo::detail {

/// A few entries at a time: the vector doubles what it takes, and memory counts once it is touched.
void timer_heap::grow() { entries_.resize(count_ + 64); }

void timer_heap::fill(std::size_t slot, entry e) noexcept {
    if (slot > 0 && before(e, entries_[(slot - 1) / 4])) {
        sift_up(slot, e);
    } else {
        sift_down(slot, e);
    }
}

timer_node& timer_heap::pop() noexcept {
    timer_node& first = *entries_.front().node;
    disarm(first);
    return first;
}

void timer_heap::sift_down(std::size_t slot, const entry& e) noexcept {
    const std::size_t count = count_;
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
