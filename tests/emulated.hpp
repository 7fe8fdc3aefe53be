// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

/// Skips a test of what the emulation of another machine's programs does not do as Linux does.
/// QEMU has no io_uring, too, but there a driver says so itself.
#ifdef RONDO_EMULATED
#define RONDO_SKIP_WHEN_EMULATED(why) GTEST_SKIP() << "emulated: " << why
#else
#define RONDO_SKIP_WHEN_EMULATED(why) static_assert(true)
#endif
