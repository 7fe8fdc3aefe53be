// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/intrusive_list.hpp>

namespace rondo::detail {

/// Something that stands in a list to be told once: of a completion, of a hand-over.
class listener : public list_node {
public:
    virtual void notify() noexcept = 0;
    /// What it listened to goes away and will never notify; an owner of itself deletes itself.
    virtual void abandon() noexcept {}

protected:
    ~listener() = default;
};

}  // namespace rondo::detail
