// SPDX-License-Identifier: MIT
#include <rondo/base/frame_pool.hpp>
#include <rondo/sys/memory.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>

namespace rondo::detail {

namespace {

/// Memory that blocks are cut from. Slabs grow with what is needed; the large ones are huge pages,
/// because a million frames are 50,000 small ones, each of which the kernel gives by itself, and
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

}  // namespace

/// Where the blocks are that no thread has: those that one freed and another one may need, and the
/// slabs of threads that ended. Nobody waits for it: who finds it in use does without.
class frame_depot {
public:
    using block = frame_pool::free_block;

    bool put(std::size_t index, block& batch) noexcept {
        const std::unique_lock lock(mutex_, std::try_to_lock);
        if (!lock) {
            return false;
        }
        std::atomic<block*>& first = batches_[index];
        // The bytes can be counted anew; the place is needed for the next batch.
        batch.bytes = reinterpret_cast<std::uintptr_t>(first.load(std::memory_order_relaxed));
        first.store(&batch, std::memory_order_relaxed);
        return true;
    }
    /// A list of blocks; null when there is none.
    block* take(std::size_t index) noexcept {
        std::atomic<block*>& first = batches_[index];
        if (first.load(std::memory_order_relaxed) == nullptr) [[likely]] {
            return nullptr;
        }
        const std::unique_lock lock(mutex_, std::try_to_lock);
        block* const batch = lock ? first.load(std::memory_order_relaxed) : nullptr;
        if (batch == nullptr) {
            return nullptr;
        }
        first.store(reinterpret_cast<block*>(batch->bytes), std::memory_order_relaxed);
        const std::size_t rest = batch->next != nullptr ? batch->next->bytes : 0;
        batch->bytes = rest + frame_pool::size_of_class(index);
        return batch;
    }
    /// The larger one of both is what others will find.
    void put(const slab& rest) noexcept {
        const std::unique_lock lock(mutex_, std::try_to_lock);
        if (lock && rest.left() > slab_.left()) {
            slab_ = rest;
        }
    }
    slab take_slab() noexcept {
        const std::unique_lock lock(mutex_, std::try_to_lock);
        return lock ? std::exchange(slab_, {}) : slab();
    }

private:
    std::mutex mutex_;
    std::atomic<block*> batches_[frame_pool::class_count] = {};
    slab slab_;
};

namespace {

constinit frame_depot depot;

}  // namespace

constinit thread_local frame_pool::lists frame_pool::lists_{};

/// A thread's slab; gives all that the thread has to the depot when it ends.
class frame_pool::keeper {
public:
    /// The running thread's.
    static keeper& mine() {
        static thread_local keeper k;
        return k;
    }

    keeper(const keeper&) = delete;
    keeper& operator=(const keeper&) = delete;
    ~keeper() {
        for (std::size_t i = 0; i < class_count; ++i) {
            give_list(i);
        }
        depot.put(std::exchange(slab_, {}));
    }

    static void give_list(std::size_t index) noexcept {
        free_block*& head = lists_.heads[index];
        if (head != nullptr && depot.put(index, *head)) {
            head = nullptr;
        }
    }
    void* cut(std::size_t size) { return slab_.cut(size); }

private:
    keeper() noexcept : slab_(depot.take_slab()) { lists_.kept = true; }

    slab slab_;
};

void frame_pool::deallocate_slow(std::size_t index) noexcept {
    keeper::mine();
    if (lists_.heads[index]->bytes > batch_bytes) {
        keeper::give_list(index);
    }
}

void* frame_pool::allocate_slow(std::size_t size) {
    const std::size_t index = class_of(size);
    if (index >= class_count) {
        return ::operator new(size);
    }
    keeper& mine = keeper::mine();
    if (free_block* const batch = depot.take(index)) {
        lists_.heads[index] = batch->next;
        return batch;
    }
    return mine.cut(size_of_class(index));
}

}  // namespace rondo::detail
