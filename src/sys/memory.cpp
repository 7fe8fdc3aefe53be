// SPDX-License-Identifier: MIT
#include "sys/memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

namespace rondo::sys {

void prefer_huge_pages(void* memory, std::size_t size) noexcept {
    static_cast<void>(::madvise(memory, size, MADV_HUGEPAGE));
}

void* map_stack(std::size_t size) noexcept {
    void* const stack = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) {
        return nullptr;
    }
    // What overflows it ends the program, as on any other stack.
    static_cast<void>(
        ::mprotect(stack, static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)), PROT_NONE));
    return stack;
}

void unmap_stack(void* stack, std::size_t size) noexcept {
    static_cast<void>(::munmap(stack, size));
}

}  // namespace rondo::sys
