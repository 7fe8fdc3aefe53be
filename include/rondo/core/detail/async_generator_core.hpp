// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>

namespace rondo {

template <class T>
class coro;

namespace detail {

class loop_core;

/// What the loop knows of an async generator: it stands in the loop's list from its first step to
/// its end, so that run() can close those that are left. A part of the promise, which never moves.
class async_generator_core : public list_node {
public:
    /// Called by the loop, which has taken the generator off its list.
    virtual coro<void> close_at_shutdown() = 0;

protected:
    async_generator_core() = default;
    ~async_generator_core() { untrack(); }

    /// The running loop, if there is one, takes note of the generator.
    void track();
    void untrack() noexcept;

private:
    loop_core* loop_ = nullptr;  // that of the list; it empties the list before it goes
};

}  // namespace detail
}  // namespace rondo
