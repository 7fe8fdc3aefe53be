// SPDX-License-Identifier: MIT
#pragma once

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
    bool empty() const noexcept { return entries_.empty(); }
    std::size_t size() const noexcept { return entries_.size(); }
    time_point next_deadline() const noexcept {
        return entries_.empty() ? time_point::max() : entries_.front().deadline;
    }

    /// Throws bad_alloc; then the node is not armed.
    void arm(timer_node& node, time_point deadline);
    void disarm(timer_node& node) noexcept;
    time_point deadline_of(const timer_node& node) const noexcept {
        return entries_[node.slot_].deadline;
    }
    /// Takes the first node out.
    timer_node& pop() noexcept;
    /// Forgets every node.
    void clear() noexcept;

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
    void sift_up(std::size_t slot, const entry& e) noexcept;
    void sift_down(std::size_t slot, const entry& e) noexcept;

    std::vector<entry> entries_;
    std::uint64_t armed_so_far_ = 0;
};

}  // namespace rondo::detail
