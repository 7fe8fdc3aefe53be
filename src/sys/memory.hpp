// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace rondo::sys {

/// How much one page maps where the kernel gives large ones (x86-64, and AArch64 over 4 KiB).
inline constexpr std::size_t huge_page_size = std::size_t{2} << 20;

/// Asks for huge pages in place of small ones. The memory begins at a multiple of their size. A
/// kernel that has none leaves it as it is.
void prefer_huge_pages(void* memory, std::size_t size) noexcept;

/// Memory for a stack of `size` bytes, the lowest page of which must not be touched. Null when
/// there is none.
void* map_stack(std::size_t size) noexcept;
void unmap_stack(void* stack, std::size_t size) noexcept;

}  // namespace rondo::sys
