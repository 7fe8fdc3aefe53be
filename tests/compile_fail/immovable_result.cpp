// SPDX-License-Identifier: MIT
// A result leaves its coroutine by a move.
// expect: a result is moved out, and T cannot be moved; return a unique_ptr<T>
#include <rondo/core/coro.hpp>

#include <memory>

struct pinned {
    pinned() = default;
    pinned(pinned&&) = delete;
};

#ifdef RONDO_GOOD
rondo::coro<std::unique_ptr<pinned>> make() { co_return std::make_unique<pinned>(); }
#else
rondo::coro<pinned> make() { co_return {}; }
#endif
