// SPDX-License-Identifier: MIT
#include "base/frame_keeper.hpp"
#include "sys/memory.hpp"
#include <rondo/base/detail/frame_pool.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>

namespace rondo::detail {

namespace {

/// Memory that blocks are cut from. Slabs grow with what is needed; the large ones are huge pages,
/// because a million frames are 40,000 small ones, each of which the kernel gives by itself, and
/// which the processor cannot find by heart.
class slab {
public:
    static constexpr std::size_t least = std::size_t{64} << 10;
    static constexpr std::size_t most = sys::huge_page_size;

    void* cut(std::size_t size) {
        const std::size_t line = std::min(size & (~size + 1), cache_line);
        auto at = (next_ + line - 1) & ~(line - 1);
        if (at + size > end_) [[unlikely]] {
            renew();
            at = next_;
        }
        next_ = at + size;
        return reinterpret_cast<void*>(at);
    }
    std::size_t left() const noexcept { return end_ - next_; }

private:
    static constexpr std::size_t cache_line = 64;

    void renew() {
        const std::size_t size = size_ == 0 ? least : std::min(2 * size_, most);
        const auto alignment = static_cast<std::align_val_t>(size == most ? most : cache_line);
        void* const memory = ::operator new(size, alignment);
        if (size == most) {
            sys::prefer_huge_pages(memory, size);
        }
        next_ = reinterpret_cast<std::uintptr_t>(memory);
        end_ = next_ + size;
        size_ = size;
    }

    std::uintptr_t next_ = 0;
    std::uintptr_t end_ = 0;
    std::size_t size_ = 0;
};

/// What is left of the slab of a thread that ended; stands in the memory that it speaks of.
struct slab_rest {
    slab left;
    slab_rest* next;
};

}  // namespace

/// Where the blocks are that no thread has: those that one freed and another one may need, and the
/// slabs of threads that ended.
class frame_depot {
public:
    using block = frame_pool::free_block;

    void put(std::size_t index, block& batch) noexcept {
        const std::scoped_lock lock(mutex_);
        std::atomic<block*>& first = batches_[index];
        // The bytes can be counted anew; the place is needed for the next batch.
        batch.bytes = reinterpret_cast<std::uintptr_t>(first.load(std::memory_order_relaxed));
        first.store(&batch, std::memory_order_relaxed);
    }
    /// A list of blocks; null when there is none. The first look, outside the mutex, is a hint that
    /// spares the mutex; blocks pass from thread to thread under it only.
    block* take(std::size_t index) noexcept {
        std::atomic<block*>& first = batches_[index];
        if (first.load(std::memory_order_relaxed) == nullptr) [[likely]] {
            return nullptr;
        }
        const std::scoped_lock lock(mutex_);
        block* const batch = first.load(std::memory_order_relaxed);
        if (batch == nullptr) {
            return nullptr;
        }
        first.store(reinterpret_cast<block*>(batch->bytes), std::memory_order_relaxed);
        batch->bytes = batch->next->bytes + frame_pool::size_of_class(index);
        return batch;
    }
    /// Not what is too small for the largest block.
    void put(const slab& left) noexcept {
        if (left.left() < 2 * frame_pool::size_of_class(frame_pool::class_count - 1)) {
            return;
        }
        void* const place = slab(left).cut(sizeof(slab_rest));
        const std::scoped_lock lock(mutex_);
        rests_ = ::new (place) slab_rest{left, rests_};
    }
    /// An empty one when no thread has left any.
    slab take_slab() noexcept {
        const std::scoped_lock lock(mutex_);
        if (rests_ == nullptr) {
            return {};
        }
        const slab_rest first = *rests_;
        rests_ = first.next;
        return first.left;
    }

private:
    std::mutex mutex_;
    std::atomic<block*> batches_[frame_pool::class_count] = {};
    slab_rest* rests_ = nullptr;
};

namespace {

constinit frame_depot depot;
constinit thread_local slab thread_slab;
constinit thread_local frame_pool::keeper* keeping = nullptr;

}  // namespace

constinit frame_pool::list_end frame_pool::none{{nullptr, 0}};
constinit frame_pool::list_end frame_pool::unused{{nullptr, batch_bytes}};
constinit thread_local frame_pool::lists frame_pool::lists_;

/// From a thread's first use of the pool to its end, when all that it has goes to the depot.
class frame_pool::thread_share {
public:
    /// For the running thread. What comes after its end, from destructors of other thread_locals,
    /// finds lists and a slab that are empty.
    static void begin() noexcept { static thread_local const thread_share share; }

    thread_share(const thread_share&) = delete;
    thread_share& operator=(const thread_share&) = delete;
    ~thread_share() {
        for (std::size_t i = 0; i < class_count; ++i) {
            give_list(i);
        }
        depot.put(std::exchange(thread_slab, {}));
    }

    static void give_list(std::size_t index) noexcept {
        free_block* const all = std::exchange(lists_.heads[index], &none);
        if (all != &none) {
            depot.put(index, *all);
        }
    }

private:
    thread_share() noexcept {
        std::ranges::fill(lists_.heads, &none);
        thread_slab = depot.take_slab();
    }
};

void frame_pool::deallocate_slow(std::size_t index) noexcept {
    free_block*& head = lists_.heads[index];
    if (keeping != nullptr) {
        free_block* const freed = std::exchange(head, &unused);
        if (!keeper::takes(freed, size_of_class(index))) {
            free_block*& usual = keeper::outermost().usual_.heads[index];
            usual = ::new (freed) free_block{usual, usual->bytes + size_of_class(index)};
        }
    } else if (head->next == &unused) {  // the thread's first use of the pool
        free_block* const first = head;
        thread_share::begin();
        head = ::new (first) free_block{&none, size_of_class(index)};
    } else {
        thread_share::give_list(index);
    }
}

void frame_pool::deallocate_large(void* block, std::size_t size) noexcept {
    if (keeping == nullptr || !keeper::takes(block, size)) {
        ::operator delete(block, size);
    }
}

void* frame_pool::allocate_slow(std::size_t size) {
    const std::size_t index = class_of(size);
    if (index >= class_count) {
        return ::operator new(size);
    }
    thread_share::begin();
    if (keeping != nullptr) {
        return thread_slab.cut(size_of_class(index));  // the lists are not to be touched
    }
    if (free_block* const batch = depot.take(index)) {
        lists_.heads[index] = batch->next;
        return batch;
    }
    return thread_slab.cut(size_of_class(index));
}

// ---- blocks that are kept

frame_pool::keeper::keeper() noexcept : outer_(keeping) {
#if !RONDO_SANITIZED
    thread_share::begin();
#endif
    usual_ = lists_;
    std::ranges::fill(lists_.heads, &unused);
    keeping = this;
}

frame_pool::keeper::~keeper() {
    lists_ = usual_;
    keeping = outer_;
}

std::size_t frame_pool::keeper::destroy(std::coroutine_handle<> coroutine) noexcept {
    block_ = coroutine.address();
    coroutine.destroy();
    block_ = nullptr;
    return size_;
}

bool frame_pool::keeper::takes(const void* block, std::size_t size) noexcept {
    for (keeper* k = keeping; k != nullptr; k = k->outer_) {
        if (k->block_ == block) {
            k->size_ = size;
            return true;
        }
    }
    return false;
}

frame_pool::keeper& frame_pool::keeper::outermost() noexcept {
    keeper* k = keeping;
    while (k->outer_ != nullptr) {
        k = k->outer_;
    }
    return *k;
}

}  // namespace rondo::detail
