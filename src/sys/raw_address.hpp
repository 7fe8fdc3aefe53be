// SPDX-License-Identifier: MIT
#pragma once

#include "sys/socket.hpp"

#include <sys/socket.h>

namespace rondo::sys {

/// What the kernel takes.
inline sockaddr* raw(socket_address& address) noexcept {
    static_assert(sizeof address.bytes == sizeof(sockaddr_storage));
    return reinterpret_cast<sockaddr*>(address.bytes);
}
inline const sockaddr* raw(const socket_address& address) noexcept {
    return reinterpret_cast<const sockaddr*>(address.bytes);
}

}  // namespace rondo::sys
