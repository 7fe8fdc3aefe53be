// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>

namespace rondo::detail {

/// Work of a service that a loop is to do once for all that came together: before it next looks for
/// news, or, when that brought it, before any task runs. Asked for by loop_core::put_off().
class deferred : public list_node {
public:
    virtual void run() noexcept = 0;

protected:
    ~deferred() = default;
};

}  // namespace rondo::detail
