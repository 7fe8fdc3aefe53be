// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace rondo::detail {

class stream_transport;

enum class io_side : std::uint8_t { read, write };

/// Somebody who tries a system call again when a descriptor may be ready.
class io_waiter {
public:
    /// Tries. True when that is the end of it, and it does not wait any more.
    virtual bool try_again() noexcept = 0;
    /// The descriptor is being closed, and it does not wait any more.
    virtual void turned_away() noexcept = 0;

protected:
    ~io_waiter() = default;
};

}  // namespace rondo::detail
