// SPDX-License-Identifier: MIT
#pragma once

namespace rondo {

template <class T>
class coro;

namespace detail {

/// What the loop knows of an async generator that was started and has not finished.
class async_generator_core {
public:
    virtual coro<void> close_at_shutdown() = 0;

protected:
    ~async_generator_core() = default;
};

}  // namespace detail
}  // namespace rondo
