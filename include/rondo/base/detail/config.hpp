// SPDX-License-Identifier: MIT
#pragma once

// What the compiler at hand is like. Nothing here is meant to be set by users.

#if !defined(__linux__) || __SIZEOF_POINTER__ != 8
#error "rondo needs a 64-bit Linux: it is written for x86-64 and AArch64"
#endif

#if defined(__SANITIZE_ADDRESS__)
#define RONDO_ADDRESS_SANITIZED 1
#elif defined(__SANITIZE_THREAD__)
#define RONDO_THREAD_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RONDO_ADDRESS_SANITIZED 1
#elif __has_feature(thread_sanitizer)
#define RONDO_THREAD_SANITIZED 1
#elif __has_feature(memory_sanitizer)
#define RONDO_SANITIZED 1
#endif
#endif
#ifndef RONDO_ADDRESS_SANITIZED
#define RONDO_ADDRESS_SANITIZED 0
#endif
#ifndef RONDO_THREAD_SANITIZED
#define RONDO_THREAD_SANITIZED 0
#endif
#ifndef RONDO_SANITIZED
#define RONDO_SANITIZED (RONDO_ADDRESS_SANITIZED || RONDO_THREAD_SANITIZED)
#endif

// GCC before 14 destroys a closure twice when it is a temporary in a full-expression with co_await
// and has a capture that needs a destructor (docs/explanation/compilers.md). tools/shapes.py sets
// it, to see with clang what GCC sees.
#if defined(RONDO_CLOSURE_TEMPORARIES_BREAK)
#elif defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 14
#define RONDO_CLOSURE_TEMPORARIES_BREAK 1
#else
#define RONDO_CLOSURE_TEMPORARIES_BREAK 0
#endif

// GCC before 12.3 lays out the frame of some coroutines wrongly (check_frame).
#if defined(__GNUC__) && !defined(__clang__) && \
    (__GNUC__ < 12 || (__GNUC__ == 12 && __GNUC_MINOR__ < 3))
#define RONDO_FRAMES_MAY_BE_SHIFTED 1
#else
#define RONDO_FRAMES_MAY_BE_SHIFTED 0
#endif
