// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/clock.hpp>
#include <rondo/core/detail/timer_heap.hpp>

namespace rondo {
class event_loop;
}

namespace rondo::http::detail {

/// A moment by which something must have happened, which moves at every request. To move it further
/// away, or to clear it, only writes it down: the timer, when it expires, looks whether it is due
/// and is armed anew if not.
class deadline : private rondo::detail::timer_node {
public:
    explicit deadline(event_loop& loop) noexcept : loop_(loop) {}
    ~deadline();

    void set(time_point when);
    void clear() noexcept { when_ = time_point::max(); }
    bool is_set() const noexcept { return when_ != time_point::max(); }

private:
    /// It has passed, and is cleared.
    virtual void passed() noexcept = 0;
    void expire() noexcept final;

    event_loop& loop_;
    time_point when_ = time_point::max();
    time_point armed_for_ = time_point::max();
};

}  // namespace rondo::http::detail
