// SPDX-License-Identifier: MIT
#pragma once

#include "sys/io_uring.hpp"
#include "sys/socket.hpp"

/// Transfers of socket.hpp, to be carried out by a ring. Each fills `to`. None waits, so all are
/// complete when the ring has handed them over, those that would have had to with -EAGAIN.
namespace rondo::sys {

void request_recv(const socket_transfer& transfer, ring_request& to) noexcept;
void request_send(const socket_transfer& transfer, ring_request& to) noexcept;

}  // namespace rondo::sys
