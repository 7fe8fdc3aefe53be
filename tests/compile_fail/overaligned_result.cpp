// SPDX-License-Identifier: MIT
// Frames are aligned for ordinary types only.
// expect: alignment exceeds that of a frame
#include <rondo/core/coro.hpp>

#include <memory>

struct alignas(64) wide {
    int value = 0;
};

#ifdef RONDO_GOOD
rondo::coro<std::unique_ptr<wide>> make() { co_return std::make_unique<wide>(); }
#else
rondo::coro<wide> make() { co_return wide(); }
#endif
