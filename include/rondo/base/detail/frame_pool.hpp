// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/config.hpp>

#include <cstddef>
#include <new>

namespace rondo::detail {

/// Per-thread free lists for coroutine frames and other short-lived small objects.
///
/// Blocks are cut from slabs, which stay with the process: what a million tasks took is there for
/// the next million. A block of 64 bytes, or a multiple, begins a cache line. Any thread may free
/// it; what is more than a batch goes to the depot, where other threads find it. Compiled out under
/// sanitizers, which then see every frame.
class frame_pool {
public:
    static void* allocate(std::size_t size);
    static void deallocate(void* block, std::size_t size) noexcept;

    /// While it lives, one block of this thread's stays where it is although it is freed.
    class keeper;

private:
    friend class frame_depot;

    struct free_block {
        free_block* next;
        std::size_t bytes;  // of the list that begins here
    };
    static constexpr std::size_t granule = 16;
    static constexpr std::size_t class_count = 128;  // up to 2 KiB
    static constexpr std::size_t batch_bytes = std::size_t{1} << 20;

    /// Ends lists. In a line of its own, for it is read whenever a block is freed into an empty
    /// one.
    struct alignas(64) list_end : free_block {};
    static constinit list_end none;
    static constinit list_end unused;

    /// One for each class, ended by `none`; before the thread's first use of the pool by `unused`,
    /// which counts as full: the first block that is freed takes the slow way, where the thread
    /// begins to share with the depot.
    struct lists {
        constexpr lists() noexcept {
            for (free_block*& head : heads) {
                head = &unused;
            }
        }
        free_block* heads[class_count];
    };
    class thread_share;

    static std::size_t class_of(std::size_t size) noexcept { return (size - 1) / granule; }
    static std::size_t size_of_class(std::size_t index) noexcept { return (index + 1) * granule; }
    static void* allocate_slow(std::size_t size);
    static void deallocate_slow(std::size_t index) noexcept;
    static void deallocate_large(void* block, std::size_t size) noexcept;

    static constinit thread_local lists lists_;
};

inline void* frame_pool::allocate(std::size_t size) {
#if RONDO_SANITIZED
    return ::operator new(size);
#else
    const std::size_t index = class_of(size);
    if (index < class_count) [[likely]] {
        free_block*& head = lists_.heads[index];
        free_block* const block = head;
        if (free_block* const rest = block->next) [[likely]] {  // the ends have none
            head = rest;
            return block;
        }
    }
    return allocate_slow(size);
#endif
}

inline void frame_pool::deallocate(void* block, std::size_t size) noexcept {
#if RONDO_SANITIZED
    deallocate_large(block, size);
#else
    const std::size_t index = class_of(size);
    if (index >= class_count) [[unlikely]] {
        deallocate_large(block, size);
        return;
    }
    free_block*& head = lists_.heads[index];
    free_block* const rest = head;
    head = ::new (block) free_block{rest, rest->bytes + size_of_class(index)};
    if (rest->bytes >= batch_bytes) [[unlikely]] {
        deallocate_slow(index);
    }
#endif
}

/// Base of what is made by `new`, lives shortly, and comes from the pool.
class pooled {
public:
    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* block, std::size_t size) noexcept {
        frame_pool::deallocate(block, size);
    }
};

}  // namespace rondo::detail
