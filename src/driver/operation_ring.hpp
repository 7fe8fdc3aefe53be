// SPDX-License-Identifier: MIT
#pragma once

#include "driver/ring.hpp"
#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/driver.hpp>

namespace rondo::detail {

/// The ring that carries operations out.
///
/// Invariants:
///  1. every operation that the kernel has is in the list, and no other one.
///  2. no request is left that was not handed over.
class operation_ring {
public:
    /// Throws std::system_error when the kernel gives none.
    operation_ring();
    operation_ring(const operation_ring&) = delete;
    operation_ring& operator=(const operation_ring&) = delete;
    /// Nothing is under way; or this is the child of a fork, where nothing that the parent had
    /// started is ever done.
    ~operation_ring();

    // As those of the driver.
    int start(kernel_operation& operation, const sys::ring_request& request) noexcept;
    void give_up(kernel_operation& operation) noexcept;
    void end(kernel_operation& operation) noexcept;

    /// Tells what is done; false when there was nothing.
    bool collect() noexcept;
    /// Readable while there is something to collect.
    int descriptor() const noexcept { return ring_.descriptor(); }

private:
    int hand_over() noexcept;

    ring ring_;
    intrusive_list<kernel_operation> under_way_;
};

}  // namespace rondo::detail
