// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/assert.hpp>
#include <rondo/core/clock.hpp>

#include <cstddef>
#include <cstdint>
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

    bool armed() const noexcept { return slot_ != unarmed; }

protected:
    ~timer_node() = default;

private:
    friend class timer_heap;
    static constexpr std::size_t unarmed = static_cast<std::size_t>(-1);

    std::size_t slot_ = unarmed;
    std::uint64_t order_ = 0;
};

/// A 4-ary heap of deadlines. Equal deadlines expire in the order in which they were armed.
/// Invariant: every node knows its slot, so removal needs no search.
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
        if (count_ == entries_.size()) [[unlikely]] {
            grow();
        }
        node.order_ = ++armed_so_far_;
        sift_up(count_++, {deadline, &node});
    }
    void disarm(timer_node& node) noexcept {
        const std::size_t slot = node.slot_;
        RONDO_ASSERT(slot < count_ && entries_[slot].node == &node,
                     "a timer is disarmed where it was armed");
        node.slot_ = timer_node::unarmed;
        if (slot != --count_) {
            fill(slot, entries_[count_]);
        }
    }
    /// Takes the first node out.
    timer_node& pop() noexcept;

private:
    struct entry {
        time_point deadline;
        timer_node* node;
    };

    static bool before(const entry& a, const entry& b) noexcept {
        return a.deadline != b.deadline ? a.deadline < b.deadline : a.node->order_ < b.node->order_;
    }
    void place(std::size_t slot, const entry& e) noexcept {
        entries_[slot] = e;
        e.node->slot_ = slot;
    }
    void sift_up(std::size_t slot, const entry& e) noexcept {
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
    void sift_down(std::size_t slot, const entry& e) noexcept;
    /// Puts `e` into a slot that was left, or where it belongs from there.
    void fill(std::size_t slot, entry e) noexcept;
    void grow();

    // Those from count_ on are room.
    std::vector<entry> entries_;
    std::size_t count_ = 0;
    std::uint64_t armed_so_far_ = 0;
};

}  // namespace rondo::detail
