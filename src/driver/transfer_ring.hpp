// SPDX-License-Identifier: MIT
#pragma once

#include "driver/ring.hpp"
#include "sys/ring_socket.hpp"

#include <cstddef>
#include <span>

namespace rondo::detail {

/// The ring that carries several transfers out by one system call. Each of them is done when that
/// returns, so that nothing is ever left in it.
class transfer_ring {
public:
    /// Fewer take no longer by system calls of their own.
    static constexpr std::size_t least = 3;
    static constexpr std::size_t most = 16;
    using fill = void (*)(const sys::socket_transfer&, sys::ring_request&) noexcept;

    /// Throws std::system_error when the kernel gives none.
    transfer_ring();

    /// How many, from the first on, have a result now; all but those that the kernel did not take.
    std::size_t carry_out(std::span<sys::socket_transfer> transfers, fill request) noexcept;

private:
    void collect(std::span<sys::socket_transfer> transfers) noexcept;

    ring ring_;
};

}  // namespace rondo::detail
