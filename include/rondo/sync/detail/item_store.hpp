// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

namespace rondo {

/// What is smaller goes first: the order of priority_queue unless another is given.
struct smaller_first {
    template <class T>
    bool operator()(const T& a, const T& b) const {
        return a < b;
    }
};

namespace detail {

// Where queues keep their items. Each store has size(), push(T&&), pop() and clear(); a pop() makes
// the next push() infallible, and has_room() says that it is.

/// First in, first out: a ring that grows by doubling and never shrinks.
template <class T>
class fifo_store {
public:
    fifo_store() = default;
    fifo_store(const fifo_store&) = delete;
    fifo_store& operator=(const fifo_store&) = delete;
    ~fifo_store() {
        clear();
        deallocate(items_);
    }

    std::size_t size() const noexcept { return tail_ - head_; }
    bool has_room() const noexcept { return size() < capacity_; }
    void push(T&& item) {
        if (size() == capacity_) [[unlikely]] {
            grow();
        }
        ::new (static_cast<void*>(__builtin_addressof(at(tail_)))) T(std::move(item));
        ++tail_;
    }
    T pop() noexcept {
        T& slot = at(head_);
        T item = std::move(slot);
        slot.~T();
        ++head_;
        return item;
    }
    void drop_last() noexcept { at(--tail_).~T(); }
    void clear() noexcept {
        while (tail_ != head_) {
            drop_last();
        }
    }

private:
    // Positions run freely; the capacity is 0 or a power of two.
    T& at(std::size_t position) const noexcept { return items_[position & (capacity_ - 1)]; }

    static T* allocate(std::size_t count) {
        if (count > static_cast<std::size_t>(-1) / sizeof(T)) {
            throw std::bad_array_new_length();
        }
        return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t(alignof(T))));
    }
    static void deallocate(T* items) noexcept {
        ::operator delete(items, std::align_val_t(alignof(T)));
    }

    [[gnu::noinline]] void grow() {
        const std::size_t capacity = capacity_ == 0 ? 8 : 2 * capacity_;
        T* items = allocate(capacity);
        const std::size_t count = size();
        for (std::size_t i = 0; i < count; ++i) {
            T& old = at(head_ + i);
            ::new (static_cast<void*>(items + i)) T(std::move(old));
            old.~T();
        }
        deallocate(items_);
        items_ = items;
        capacity_ = capacity;
        head_ = 0;
        tail_ = count;
    }

    T* items_ = nullptr;
    std::size_t capacity_ = 0;
    std::size_t head_ = 0;
    std::size_t tail_ = 0;
};

/// Last in, first out.
template <class T>
class lifo_store {
public:
    std::size_t size() const noexcept { return items_.size(); }
    bool has_room() const noexcept { return size() < items_.capacity(); }
    void push(T&& item) { items_.push_back(std::move(item)); }
    T pop() noexcept {
        T item = std::move(items_.back());
        items_.pop_back();
        return item;
    }
    void clear() noexcept { items_.clear(); }

private:
    std::vector<T> items_;
};

/// Smallest first; equal ones in the order of their arrival. A binary heap. Comparisons come before
/// all moves: one that throws has changed nothing.
template <class T, class Before>
class priority_store {
public:
    std::size_t size() const noexcept { return heap_.size(); }
    bool has_room() const noexcept { return size() < heap_.capacity(); }

    void push(T&& item) {
        if (!has_room()) {
            heap_.reserve(heap_.empty() ? 8 : 2 * heap_.size());
        }
        std::size_t place = heap_.size();
        while (place > 0 && Before()(std::as_const(item), heap_[parent(place)].kept())) {
            place = parent(place);
        }
        // From here on nothing throws.
        std::size_t hole = heap_.size();
        heap_.emplace_back(std::move(item), arrivals_++);
        entry rising = std::move(heap_[hole]);
        for (; hole != place; hole = parent(hole)) {
            heap_[hole].become(std::move(heap_[parent(hole)]));
        }
        heap_[place].become(std::move(rising));
    }

    T pop() {
        std::size_t place = place_of_last();
        // From here on nothing throws.
        entry rising = std::move(heap_.back());
        heap_.pop_back();
        if (!heap_.empty()) {
            for (;; place = parent(place)) {
                entry risen = std::move(heap_[place]);
                heap_[place].become(std::move(rising));
                rising.become(std::move(risen));
                if (place == 0) {
                    break;
                }
            }
        }
        return std::move(rising.item);
    }

    void clear() noexcept { heap_.clear(); }

private:
    struct entry {
        entry(T&& what, std::uint64_t order) noexcept : item(std::move(what)), arrival(order) {}
        const T& kept() const noexcept { return item; }
        /// Move assignment, which T may not have, or which may throw.
        void become(entry&& other) noexcept {
            item.~T();
            ::new (static_cast<void*>(__builtin_addressof(item))) T(std::move(other.item));
            arrival = other.arrival;
        }
        T item;
        std::uint64_t arrival;
    };

    static std::size_t parent(std::size_t child) noexcept { return (child - 1) / 2; }
    static bool before(const entry& a, const entry& b) {
        return Before()(a.item, b.item) || (!Before()(b.item, a.item) && a.arrival < b.arrival);
    }

    /// Where the last entry belongs once the first one is gone.
    std::size_t place_of_last() const {
        const entry& last = heap_.back();
        const std::size_t size = heap_.size() - 1;
        std::size_t place = 0;
        for (std::size_t child = 1; child < size; child = 2 * place + 1) {
            if (child + 1 < size && before(heap_[child + 1], heap_[child])) {
                ++child;
            }
            if (!before(heap_[child], last)) {
                break;
            }
            place = child;
        }
        return place;
    }

    std::vector<entry> heap_;
    std::uint64_t arrivals_ = 0;
};

}  // namespace detail
}  // namespace rondo
