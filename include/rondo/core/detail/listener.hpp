// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>

namespace rondo::detail {

class task_core;

/// Something that stands in a list to be told once: of a completion, of a hand-over.
class listener : public list_node {
public:
    /// Wakes the task that waits here; with none, calls notify(). Nearly all listeners are tasks
    /// that wait, so that this is no virtual call.
    inline void tell() noexcept;
    /// What it listened to goes away and will never notify; an owner of itself deletes itself.
    virtual void abandon() noexcept {}

protected:
    ~listener() = default;
    virtual void notify() noexcept {}

    task_core* task_ = nullptr;
};

}  // namespace rondo::detail
