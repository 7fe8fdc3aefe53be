// SPDX-License-Identifier: MIT
#pragma once

#include "io/operations.hpp"
#include "io/read_size.hpp"
#include <rondo/core/detail/deferred.hpp>

#include <array>
#include <cstddef>

namespace rondo::detail {

class batched_input;
class loop_core;

/// The reads that little is expected of, and whose sockets are ready. They receive one right after
/// the other, before any of their tasks runs: so the processor has the kernel's code for receiving
/// in its cache, and a driver may do it by one call.
///
/// Invariants:
///  1. While there is one it stands in the loop's list of what is put off.
///  2. Whoever does not wait any more has left.
///  3. Nobody who is told what it received does more than to make a task ready.
class receive_batch final : public deferred {
public:
    explicit receive_batch(loop_core& of) noexcept : loop_(of) {}

    void add(batched_input& reader) noexcept;
    void remove(const batched_input& reader) noexcept;
    void run() noexcept override { receive(); }

private:
    /// Not a multiple of 4 KiB, or the beginnings of all would have to share a few places in the
    /// first cache.
    static constexpr std::size_t room_of_each = read_size::least + 64;
    static constexpr std::size_t most = scratch_size / room_of_each;

    void receive() noexcept;

    loop_core& loop_;
    std::size_t count_ = 0;
    std::array<batched_input*, most> readers_;
};

}  // namespace rondo::detail
