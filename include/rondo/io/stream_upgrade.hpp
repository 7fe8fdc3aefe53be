// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/io/stream_layer.hpp>

namespace rondo {

class stream;

/// Agrees with the other side about a layer: a TLS handshake, say. See stream::start_tls.
class stream_upgrade {
public:
    stream_upgrade() = default;
    stream_upgrade(const stream_upgrade&) = delete;
    stream_upgrade& operator=(const stream_upgrade&) = delete;
    virtual ~stream_upgrade() = default;

    /// Talks over the plain stream, and then gives the layer. What it has read must belong to the
    /// handshake; what it leaves unread is the layer's. Throws when it comes to nothing.
    virtual coro<box<stream_layer>> shake_hands(stream& plain) = 0;
};

}  // namespace rondo
