// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>

namespace rondo {

/// What is used has been closed here: trio's ClosedResourceError.
class closed_resource_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The other end is gone: trio's BrokenResourceError.
class broken_resource_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A `_nowait` operation would have to wait: trio's WouldBlock.
class would_block_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace rondo
