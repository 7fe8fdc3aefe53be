// SPDX-License-Identifier: MIT
#include <rondo/core/timer_heap.hpp>

#include <algorithm>
#include <utility>

namespace rondo::detail {

/// A few entries at a time: vectors double what they take, and memory counts once it is touched.
void timer_heap::grow() {
    const std::size_t before = places_.size();
    const std::size_t size = before + 64;
    entries_.resize(size);
    nodes_.resize(size);
    places_.resize(size);  // the last one: what failed before is done again
    for (std::size_t id = size; id-- > before;) {
        places_[id] = std::exchange(free_, static_cast<std::uint32_t>(id));
    }
}

void timer_heap::fill(std::uint32_t place, entry e) noexcept {
    if (place > 0 && before(e, entries_[(place - 1) / 4])) {
        sift_up(place, e);
    } else {
        sift_down(place, e);
    }
}

timer_node& timer_heap::pop() noexcept {
    timer_node& first = *nodes_[entries_.front().id];
    disarm(first);
    return first;
}

void timer_heap::sift_down(std::uint32_t place, const entry& e) noexcept {
    const std::uint32_t count = count_;
    for (;;) {
        const std::uint64_t first_child = std::uint64_t{place} * 4 + 1;
        if (first_child >= count) {
            break;
        }
        auto smallest = static_cast<std::uint32_t>(first_child);
        const std::uint32_t end = std::min(smallest + 3, count - 1);
        for (std::uint32_t child = smallest + 1; child <= end; ++child) {
            if (before(entries_[child], entries_[smallest])) {
                smallest = child;
            }
        }
        if (!before(entries_[smallest], e)) {
            break;
        }
        put(place, entries_[smallest]);
        place = smallest;
    }
    put(place, e);
}

}  // namespace rondo::detail
