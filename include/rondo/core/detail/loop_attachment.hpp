// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>

namespace rondo::detail {

/// What a service keeps for one loop. The loop knows nothing of it but when to let go.
class loop_attachment : public list_node {
public:
    /// `key`: an address that is the service's own; it finds its attachment again by it.
    explicit loop_attachment(const void* key) noexcept : key_(key) {}

    /// The loop closes, now: called once, before anything is dropped. May delete itself.
    virtual void loop_closes() noexcept = 0;
    const void* key() const noexcept { return key_; }

protected:
    ~loop_attachment() = default;

private:
    const void* key_;
};

}  // namespace rondo::detail
