// SPDX-License-Identifier: MIT
#pragma once

#include "io/operations.hpp"
#include <rondo/net/udp_socket.hpp>

#include <span>
#include <string_view>
#include <utility>

namespace rondo::detail {

/// One datagram. What does not fit into `most` bytes is gone, and the result says so: it is the
/// size of the whole.
class recv_from_operation final : public io_operation {
public:
    recv_from_operation(fd_state& on, std::size_t most) noexcept
        : io_operation(on, io_side::read, "recv_from"), most_(most) {}

    /// What came, when the await gave no error.
    datagram take() noexcept { return std::move(got_); }

private:
    std::ptrdiff_t attempt() noexcept override;
    std::ptrdiff_t receive_to_scratch();
    std::ptrdiff_t receive_large();
    std::ptrdiff_t receive(std::span<char> to) noexcept;

    datagram got_;
    std::size_t most_;
};

/// One datagram, whole or not at all.
class send_to_operation final : public io_operation {
public:
    send_to_operation(fd_state& on, std::string_view data, const address& to) noexcept
        : io_operation(on, io_side::write, "send_to"), data_(data), to_(to) {}

private:
    std::ptrdiff_t attempt() noexcept override;
    std::string_view data_;
    address to_;
};

}  // namespace rondo::detail
