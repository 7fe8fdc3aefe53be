// SPDX-License-Identifier: MIT
#pragma once

namespace torture {

/// Counts the allocations of this thread from now on, and fails the nth of them; 0 fails none.
void fail_allocation(int nth) noexcept;
/// Ends that; how many there were.
int stop_failing_allocations() noexcept;

}  // namespace torture
