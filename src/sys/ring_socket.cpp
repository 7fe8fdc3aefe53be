// SPDX-License-Identifier: MIT
#include "sys/ring_socket.hpp"

#include <algorithm>

#include <linux/io_uring.h>
#include <sys/socket.h>

namespace rondo::sys {

namespace {

/// The kernel moves less than 2 GiB at once.
constexpr std::size_t most_of_transfer = std::size_t{1} << 30;

void fill(const socket_transfer& transfer, std::uint8_t operation, int flags,
          ring_request& to) noexcept {
    to = {};
    to.operation = operation;
    to.fd = transfer.fd;
    to.address = reinterpret_cast<std::uintptr_t>(transfer.memory);
    to.length = static_cast<std::uint32_t>(std::min(transfer.size, most_of_transfer));
    to.options = static_cast<std::uint32_t>(flags | MSG_DONTWAIT);
}

}  // namespace

void request_recv(const socket_transfer& transfer, ring_request& to) noexcept {
    fill(transfer, IORING_OP_RECV, 0, to);
}

void request_send(const socket_transfer& transfer, ring_request& to) noexcept {
    fill(transfer, IORING_OP_SEND, MSG_NOSIGNAL, to);
}

}  // namespace rondo::sys
