// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/execution.hpp>
#include <rondo/core/event_loop.hpp>

#include <cstdint>

namespace rondo::detail {

/// The loop that something belongs to: the one that ran when it was made, if any did. Who uses it
/// from elsewhere is told so, and does not wait for what can never come.
class home_loop {
public:
    home_loop() noexcept
        : loop_(exec.loop), serial_(exec.loop != nullptr ? exec.loop->serial() : 0) {}

    /// Throws runtime_error in another loop or thread, as long as that loop exists.
    void check(const char* operation) const;
    /// The same for what may not throw: reports a call from another thread, and says whether it is
    /// one.
    bool reports_stranger(const char* operation) const noexcept;
    /// That loop, when it runs in another thread; null otherwise.
    event_loop* elsewhere() const noexcept;

private:
    loop_core* loop_;
    std::uint64_t serial_;
};

}  // namespace rondo::detail
