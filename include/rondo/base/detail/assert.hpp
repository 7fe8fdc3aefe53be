// SPDX-License-Identifier: MIT
#pragma once

namespace rondo::detail {

/// Prints what was violated and aborts. A failed assertion is a bug in rondo or memory corruption.
[[noreturn]] void assertion_failed(const char* condition, const char* sentence, const char* file,
                                   int line) noexcept;

}  // namespace rondo::detail

/// Cheap invariants, checked in every build.
#define RONDO_ASSERT(condition, sentence) \
    (static_cast<bool>(condition)         \
         ? static_cast<void>(0)           \
         : ::rondo::detail::assertion_failed(#condition, sentence, __FILE__, __LINE__))

/// Mistakes of a caller's that a hot path does not look for: in builds without NDEBUG only.
#ifdef NDEBUG
#define RONDO_DEBUG_ASSERT(condition, sentence) static_cast<void>(0)
#else
#define RONDO_DEBUG_ASSERT(condition, sentence) RONDO_ASSERT(condition, sentence)
#endif
