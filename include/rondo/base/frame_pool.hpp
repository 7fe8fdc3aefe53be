// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/config.hpp>

#include <cstddef>
#include <new>

namespace rondo::detail {

/// Per-thread free lists for coroutine frames and other short-lived small objects.
///
/// Blocks come from operator new and go back to it beyond the bound of their class, so a block may
/// be freed by another thread than the one that allocated it. Compiled out under sanitizers, which
/// then see every frame.
class frame_pool {
public:
    static void* allocate(std::size_t size);
    static void deallocate(void* block, std::size_t size) noexcept;

private:
    struct free_block {
        free_block* next;
        std::size_t count;  // of the list that begins here: allocating need not keep a count
    };
    static constexpr std::size_t granule = 16;
    static constexpr std::size_t class_count = 128;  // up to 2 KiB
    // A class, a thread: the frames of a million tasks.
    static constexpr std::size_t kept_bytes = std::size_t{256} << 20;

    struct lists {
        free_block* heads[class_count];
    };

    static std::size_t class_of(std::size_t size) noexcept { return (size - 1) / granule; }
    static void* allocate_slow(std::size_t size);

    static constinit thread_local lists lists_;
    friend struct frame_pool_drain;
};

inline void* frame_pool::allocate(std::size_t size) {
#if RONDO_SANITIZED
    return ::operator new(size);
#else
    const std::size_t index = class_of(size);
    if (index < class_count) [[likely]] {
        free_block*& head = lists_.heads[index];
        if (free_block* block = head) [[likely]] {
            head = block->next;
            return block;
        }
    }
    return allocate_slow(size);
#endif
}

inline void frame_pool::deallocate(void* block, std::size_t size) noexcept {
#if RONDO_SANITIZED
    ::operator delete(block, size);
#else
    const std::size_t index = class_of(size);
    if (index < class_count) [[likely]] {
        free_block*& head = lists_.heads[index];
        const std::size_t count = head != nullptr ? head->count : 0;
        if (count < kept_bytes / ((index + 1) * granule)) [[likely]] {
            head = ::new (block) free_block{head, count + 1};
            return;
        }
    }
    ::operator delete(block);
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
