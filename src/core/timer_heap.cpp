// SPDX-License-Identifier: MIT
#include <rondo/core/detail/timer_heap.hpp>

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

/// Of a million timers hardly anything is in the caches. So the node is written and not read, and
/// what comes next is asked for in time: its node, and where the nodes of its children are noted.
timer_node& timer_heap::pop() noexcept {
    const std::uint32_t id = entries_.front().id;
    timer_node& first = *std::exchange(nodes_[id], nullptr);
    first.id_ = timer_node::unarmed;
    places_[id] = std::exchange(free_, id);
    if (--count_ > 0) {
        sift_down(0, entries_[count_]);
        __builtin_prefetch(nodes_[entries_.front().id]);
        for (std::size_t child = 1; child <= 4; ++child) {  // beyond the last one is room
            __builtin_prefetch(&nodes_[entries_[child].id]);
        }
    }
    return first;
}

/// The first of the up to four siblings that begin there.
std::uint32_t timer_heap::first_of(std::uint32_t siblings) const noexcept {
    const entry* const all = &entries_[siblings];
    if (siblings + 3 >= count_) [[unlikely]] {
        const entry* const end = &entries_[0] + count_;
        return siblings + static_cast<std::uint32_t>(std::min_element(all, end, before) - all);
    }
    const auto left = std::uint32_t{before(all[1], all[0])};
    const auto right = 2 + std::uint32_t{before(all[3], all[2])};
    return siblings + (before(all[right], all[left]) ? right : left);
}

/// The children of all four: those of one of them come next. In the place of its call, since GCC 12
/// leaves calls of a function out that does nothing else.
[[gnu::always_inline]] inline void timer_heap::prefetch_below(
    std::uint32_t siblings) const noexcept {
    const std::uint64_t children = std::uint64_t{siblings} * 4 + 1;
    if (children + 12 < count_) {
        const entry* const begin = &entries_[children];  // 16 take four lines of the cache
        __builtin_prefetch(begin);
        __builtin_prefetch(begin + 4);
        __builtin_prefetch(begin + 8);
        __builtin_prefetch(begin + 12);
    }
}

void timer_heap::sift_down(std::uint32_t place, entry e) noexcept {
    for (;;) {
        const std::uint64_t children = std::uint64_t{place} * 4 + 1;
        if (children >= count_) {
            break;
        }
        const auto siblings = static_cast<std::uint32_t>(children);
        prefetch_below(siblings);
        const std::uint32_t first = first_of(siblings);
        if (!before(entries_[first], e)) {
            break;
        }
        put(place, entries_[first]);
        place = first;
    }
    put(place, e);
}

}  // namespace rondo::detail
