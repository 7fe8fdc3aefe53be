// SPDX-License-Identifier: MIT
#pragma once

#include "io/stream_core.hpp"
#include <rondo/core/coro.hpp>

namespace rondo::detail {

// What can be awaited of a stream, whatever face it has. The coroutines own the state, so that the
// face may be moved, or go, meanwhile.

coro<void> wait_until_closed(stream_ref s);

}  // namespace rondo::detail
