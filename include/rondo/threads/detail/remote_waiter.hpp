// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/waiter.hpp>

#include <coroutine>

namespace rondo::detail {

class remote_waiter;

/// What another thread rings to wake a waiter. It may come too late: then nobody hears it.
class wake_up_bell;

/// An await that other threads end. Whoever may end it keeps it in a list, or the like, under a
/// mutex, and takes it out there before it calls ring(); who takes it out first, this waiter's loop
/// or another thread, decides whether it was cancelled or woken. While it can be found there its
/// loop exists.
class remote_waiter : public waiter {
public:
    remote_waiter() = default;
    remote_waiter(remote_waiter&&) = default;

    /// Any thread, once: wakes the waiter, in its loop.
    void ring() noexcept;

protected:
    ~remote_waiter();
    /// Before the waiter can be found: makes the bell. Throws bad_alloc.
    void hang_bell();

private:
    wake_up_bell* bell_ = nullptr;
};

}  // namespace rondo::detail
