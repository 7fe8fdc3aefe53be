// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/clock.hpp>

#include <cstddef>
#include <cstdint>

namespace rondo::testing {

/// What lies between two sockets of a simulated network. Chances are in [0, 1], and each is drawn
/// by lot.
struct network_link {
    nanoseconds latency = std::chrono::milliseconds(1);  // one way
    nanoseconds jitter{};                                // up to that much more
    std::int64_t bytes_per_second = 0;                   // one way; 0: no limit
    std::size_t segment = 1460;                          // the most bytes that arrive together
    /// The most bytes that are sent and not read yet. Half of them may be at the receiver, at first
    /// 64 KiB at the most, and then more with a program that reads; the rest waits at the sender,
    /// who loses it with a reset.
    std::size_t window = 64 * 1024;
    double losses = 0;    // of segments, which then come 200 ms later: streams lose no bytes
    double resets = 0;    // of sends: both ends get ECONNRESET
    double refusals = 0;  // of connects: ECONNREFUSED
    double shorts = 0;    // of recv and send: they do less than they could
};

}  // namespace rondo::testing
