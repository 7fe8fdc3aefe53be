// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace rondo::detail {

/// The size of one stack. What is not touched costs no memory.
inline constexpr std::size_t more_stack_bytes = std::size_t{1} << 20;

/// Calls fn(argument), from which nothing may escape, on a stack that is made for it; where there
/// is no memory for one, on the present stack.
void call_on_more_stack(void (*fn)(void*) noexcept, void* argument) noexcept;

}  // namespace rondo::detail
