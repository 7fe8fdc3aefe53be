// SPDX-License-Identifier: MIT
#pragma once

#include "io/stream_core.hpp"
#include <rondo/core/coro.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace rondo::detail {

// What can be awaited of a stream, whatever face it has. The coroutines own the state, so that the
// face may be moved, or go, meanwhile.

/// Reads until the end; what comes is kept.
coro<void> read_to_end(stream_ref s);
coro<std::string> read_all(stream_ref s);
/// Up to n bytes, at least one, of what comes through a layer.
coro<std::string> read_decoded(stream_ref s, std::size_t n);
coro<std::size_t> read_decoded_into(stream_ref s, std::span<char> to);
coro<std::string> read_exactly(stream_ref s, std::size_t n);
/// Up to the separator that ends first.
coro<std::string> read_until(stream_ref s, std::vector<std::string> separators);
coro<std::string> read_line(stream_ref s);

coro<void> wait_until_closed(stream_ref s);

}  // namespace rondo::detail
