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
        ::new (&at(tail_)) T(std::move(item));
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
            ::new (items + i) T(std::move(old));
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

/// Smallest first; equal ones in the order of their arrival. A binary heap.
template <class T, class Before>
class priority_store {
public:
    std::size_t size() const noexcept { return heap_.size(); }
    bool has_room() const noexcept { return size() < heap_.capacity(); }

    void push(T&& item) {
        heap_.push_back(entry(std::move(item), arrivals_++));
        std::size_t hole = heap_.size() - 1;
        entry rising = std::move(heap_[hole]);
        while (hole > 0 && before(rising, heap_[(hole - 1) / 2])) {
            heap_[hole] = std::move(heap_[(hole - 1) / 2]);
            hole = (hole - 1) / 2;
        }
        heap_[hole] = std::move(rising);
    }

    T pop() {
        T item = std::move(heap_.front().item);
        entry sinking = std::move(heap_.back());
        heap_.pop_back();
        if (!heap_.empty()) {
            sink(std::move(sinking));
        }
        return item;
    }

    void clear() noexcept { heap_.clear(); }

private:
    struct entry {
        entry(T&& what, std::uint64_t order) noexcept : item(std::move(what)), arrival(order) {}
        T item;
        std::uint64_t arrival;
    };

    static bool before(const entry& a, const entry& b) {
        return Before()(a.item, b.item) || (!Before()(b.item, a.item) && a.arrival < b.arrival);
    }

    void sink(entry sinking) {
        std::size_t hole = 0;
        for (std::size_t child = 1; child < heap_.size(); child = 2 * hole + 1) {
            if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) {
                ++child;
            }
            if (!before(heap_[child], sinking)) {
                break;
            }
            heap_[hole] = std::move(heap_[child]);
            hole = child;
        }
        heap_[hole] = std::move(sinking);
    }

    std::vector<entry> heap_;
    std::uint64_t arrivals_ = 0;
};

}  // namespace detail
}  // namespace rondo
