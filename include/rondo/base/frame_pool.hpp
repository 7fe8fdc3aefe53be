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
    };
    static constexpr std::size_t granule = 32;
    static constexpr std::size_t class_count = 64;                   // up to 2 KiB
    static constexpr std::size_t kept_bytes = std::size_t{1} << 20;  // a class, a thread

    struct size_class {
        free_block* head;
        std::size_t count;
    };
    struct lists {
        size_class classes[class_count];
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
        size_class& entry = lists_.classes[index];
        if (free_block* block = entry.head) [[likely]] {
            entry.head = block->next;
            --entry.count;
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
        size_class& entry = lists_.classes[index];
        if (entry.count < kept_bytes / ((index + 1) * granule)) [[likely]] {
            entry.head = ::new (block) free_block{entry.head};
            ++entry.count;
            return;
        }
    }
    ::operator delete(block);
#endif
}

}  // namespace rondo::detail
