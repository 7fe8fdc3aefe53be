// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/assert.hpp>
#include <rondo/core/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace rondo::detail {

/// Something with a deadline; lives where it is needed and removes itself before it dies.
class timer_node {
public:
    timer_node() = default;
    timer_node(const timer_node&) = delete;
    timer_node& operator=(const timer_node&) = delete;

    /// The deadline passed; the node is no longer in the heap.
    virtual void expire() noexcept = 0;

    bool armed() const noexcept { return id_ != unarmed; }

protected:
    ~timer_node() = default;

private:
    friend class timer_heap;
    static constexpr std::uint32_t unarmed = static_cast<std::uint32_t>(-1);

    std::uint32_t id_ = unarmed;
};

/// A 4-ary heap of deadlines. Equal deadlines expire in the order in which they were armed.
///
/// An armed node has a number, and a table has the place of its entry, so that removal needs no
/// search. The nodes do not have it themselves: who takes one out of a million moves ten entries,
/// whose nodes are strewn all over the memory.
class timer_heap {
public:
    bool empty() const noexcept { return count_ == 0; }
    std::size_t size() const noexcept { return count_; }
    time_point next_deadline() const noexcept {
        return empty() ? time_point::max() : entries_.front().deadline;
    }

    /// Throws bad_alloc; then the node is not armed.
    void arm(timer_node& node, time_point deadline) {
        RONDO_ASSERT(!node.armed(), "a timer is armed once");
        if (free_ == timer_node::unarmed) [[unlikely]] {
            grow();
        }
        const std::uint32_t id = std::exchange(free_, places_[free_]);
        node.id_ = id;
        nodes_[id] = &node;
        sift_up(count_++, {deadline, id, armed_so_far_++});
    }
    void disarm(timer_node& node) noexcept {
        const std::uint32_t id = std::exchange(node.id_, timer_node::unarmed);
        RONDO_ASSERT(id < nodes_.size() && nodes_[id] == &node,
                     "a timer is disarmed where it was armed");
        const std::uint32_t place = std::exchange(places_[id], free_);
        nodes_[id] = nullptr;
        free_ = id;
        if (place != --count_) {
            fill(place, entries_[count_]);
        }
    }
    /// Takes the first node out.
    timer_node& pop() noexcept;

private:
    struct entry {
        time_point deadline;
        std::uint32_t id;
        std::uint32_t order;  // wraps
    };

    /// Without a branch: which of two comes first nobody can foresee.
    static bool before(const entry& a, const entry& b) noexcept {
        const bool earlier = a.deadline < b.deadline;
        const bool equal = a.deadline == b.deadline;
        return earlier | (equal & (static_cast<std::int32_t>(a.order - b.order) < 0));
    }
    void put(std::uint32_t place, const entry& e) noexcept {
        entries_[place] = e;
        places_[e.id] = place;
    }
    void sift_up(std::uint32_t place, const entry& e) noexcept {
        while (place > 0) {
            const std::uint32_t parent = (place - 1) / 4;
            if (!before(e, entries_[parent])) {
                break;
            }
            put(place, entries_[parent]);
            place = parent;
        }
        put(place, e);
    }
    void sift_down(std::uint32_t place, entry e) noexcept;
    std::uint32_t first_of(std::uint32_t siblings) const noexcept;
    void prefetch_below(std::uint32_t siblings) const noexcept;
    /// Puts `e` into a place that was left, or where it belongs from there.
    void fill(std::uint32_t place, entry e) noexcept;
    void grow();

    // All three have the same size, but after a grow() that failed.
    std::vector<entry> entries_;         // those from count_ on are room
    std::vector<timer_node*> nodes_;     // by number
    std::vector<std::uint32_t> places_;  // by number; of one that is free, the next one that is
    std::uint32_t free_ = timer_node::unarmed;
    std::uint32_t count_ = 0;
    std::uint32_t armed_so_far_ = static_cast<std::uint32_t>(-1000);  // wraps where tests see it
};

}  // namespace rondo::detail
