// SPDX-License-Identifier: MIT
#include "torture/allocations.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace torture {

namespace {

struct plan {
    bool counts = false;
    int so_far = 0;
    int failing = 0;
};
constinit thread_local plan here;

void* allocate(std::size_t size, std::size_t alignment) {
    if (here.counts && ++here.so_far == here.failing) {
        throw std::bad_alloc();
    }
    void* const memory =
        alignment <= alignof(std::max_align_t)
            ? std::malloc(size)
            : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return memory;
}

}  // namespace

void fail_allocation(int nth) noexcept { here = {true, 0, nth}; }

int stop_failing_allocations() noexcept {
    here.counts = false;
    return here.so_far;
}

}  // namespace torture

void* operator new(std::size_t size) { return torture::allocate(size, 1); }
void* operator new[](std::size_t size) { return torture::allocate(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return torture::allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
