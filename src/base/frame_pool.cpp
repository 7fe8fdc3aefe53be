// SPDX-License-Identifier: MIT
#include <rondo/base/frame_pool.hpp>

namespace rondo::detail {

constinit thread_local frame_pool::lists frame_pool::lists_{};

/// Gives a thread's free blocks back when the thread ends.
struct frame_pool_drain {
    frame_pool_drain() = default;
    frame_pool_drain(const frame_pool_drain&) = delete;
    frame_pool_drain& operator=(const frame_pool_drain&) = delete;
    ~frame_pool_drain() {
        for (auto*& head : frame_pool::lists_.heads) {
            while (auto* block = head) {
                head = block->next;
                ::operator delete(block);
            }
        }
    }
};

void* frame_pool::allocate_slow(std::size_t size) {
    // Constructed on a thread's first miss; its destructor runs at thread exit.
    static thread_local frame_pool_drain drain;
    static_cast<void>(drain);
    const std::size_t index = class_of(size);
    return ::operator new(index < class_count ? (index + 1) * granule : size);
}

}  // namespace rondo::detail
