// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <typeinfo>
#include <utility>
#include <vector>

namespace rondo::detail {

class task_core;

/// Something that the loop runs once: a scheduled callback. Owned by the ring while it is queued.
class callback {
public:
    virtual void run() noexcept = 0;
    /// The loop closes without running it.
    virtual void drop() noexcept = 0;
    /// The type of what is called, for reports.
    virtual const std::type_info& target() const noexcept = 0;

protected:
    ~callback() = default;
};

/// One entry of the ready ring: a task to be stepped or a callback to be run.
class ready_item {
public:
    ready_item() = default;
    explicit ready_item(task_core& task) noexcept
        : bits_(reinterpret_cast<std::uintptr_t>(&task)) {}
    explicit ready_item(callback& call) noexcept
        : bits_(reinterpret_cast<std::uintptr_t>(&call) | 1u) {}

    bool is_task() const noexcept { return (bits_ & 1u) == 0; }
    task_core& task() const noexcept { return *reinterpret_cast<task_core*>(bits_); }
    callback& call() const noexcept {
        return *reinterpret_cast<callback*>(bits_ & ~std::uintptr_t{1});
    }

private:
    std::uintptr_t bits_ = 0;
};

/// A strict first-in first-out ring of what is ready, 8 bytes an entry.
///
/// Whoever may become ready reserves its place beforehand, so that becoming ready cannot fail.
/// Invariant: size() <= reserved() <= capacity, and the capacity is a power of two.
class ready_ring {
public:
    std::size_t size() const noexcept { return static_cast<std::size_t>(tail_ - head_); }
    bool empty() const noexcept { return head_ == tail_; }

    /// Makes room for one more entry. Throws bad_alloc.
    void reserve() {
        if (reserved_ == capacity_) [[unlikely]] {
            grow();
        }
        ++reserved_;
    }
    /// The same, if no more memory is needed for it.
    bool try_reserve() noexcept {
        if (reserved_ == capacity_) [[unlikely]] {
            return false;
        }
        ++reserved_;
        return true;
    }
    void unreserve() noexcept { --reserved_; }

    void push(ready_item item) noexcept { at(tail_++) = item; }
    ready_item pop() noexcept { return at(head_++); }

    /// Turns the order of the last `count` entries round.
    void reverse_last(std::size_t count) noexcept {
        for (std::uint64_t front = tail_ - count, back = tail_; front + 1 < back; ++front) {
            std::swap(at(front), at(--back));
        }
    }

    /// The entry at `index` from the front.
    ready_item peek(std::size_t index) noexcept { return at(head_ + index); }

    /// How many entries were popped so far.
    std::uint64_t head() const noexcept { return head_; }

    /// Sets the end of a pass behind what is in the ring now, or behind `most` entries.
    void begin_pass(std::size_t most) noexcept { pass_end_ = size() > most ? head_ + most : tail_; }
    /// The pass ends where it is.
    void cut_pass() noexcept { pass_end_ = head_; }
    bool pass_ended() const noexcept { return head_ == pass_end_; }

    /// Takes out the entry at `index` from the front; the front entry takes its place.
    ready_item pop_at(std::size_t index) noexcept {
        ready_item& chosen = at(head_ + index);
        const ready_item item = chosen;
        chosen = at(head_);
        ++head_;
        return item;
    }

private:
    ready_item& at(std::uint64_t position) noexcept { return items_[position & mask_]; }
    void grow();

    std::vector<ready_item> items_;
    std::size_t capacity_ = 0;
    std::size_t mask_ = 0;  // capacity - 1
    std::size_t reserved_ = 0;
    std::uint64_t head_ = 0;
    std::uint64_t tail_ = 0;
    std::uint64_t pass_end_ = 0;
};

}  // namespace rondo::detail
