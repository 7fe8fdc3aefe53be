// SPDX-License-Identifier: MIT
#include <rondo/sys/memory.hpp>

#include <sys/mman.h>

namespace rondo::sys {

void prefer_huge_pages(void* memory, std::size_t size) noexcept {
    static_cast<void>(::madvise(memory, size, MADV_HUGEPAGE));
}

}  // namespace rondo::sys
