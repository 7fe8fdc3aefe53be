// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/io/stream.hpp>
#include <rondo/io/transport.hpp>

namespace rondo {

/// Agrees with the other side about a layer: a TLS handshake, say. See stream::start_tls.
class stream_upgrade {
public:
    stream_upgrade() = default;
    stream_upgrade(const stream_upgrade&) = delete;
    stream_upgrade& operator=(const stream_upgrade&) = delete;
    virtual ~stream_upgrade() = default;

    /// Talks over the plain stream, and then gives what stands on it: a transport made of
    /// `std::move(plain).detach()`, which begins with what was left unread. Throws when it comes to
    /// nothing.
    virtual coro<box<transport>> shake_hands(stream plain) = 0;
};

}  // namespace rondo
