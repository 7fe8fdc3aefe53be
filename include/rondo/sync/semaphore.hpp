// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/immediate.hpp>
#include <rondo/sync/detail/quick_awaiter.hpp>
#include <rondo/sync/detail/scoped_hold.hpp>
#include <rondo/sync/detail/wait_list.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>

namespace rondo {

class semaphore;

namespace detail {

class semaphore_request {
public:
    using waiter = turn_waiter<semaphore_request>;
    static constexpr const char* operation = "semaphore::acquire";

    explicit semaphore_request(semaphore& s) noexcept : semaphore_(&s) {}

    bool try_now() const noexcept;
    wait_list& waiters() const noexcept;
    void result() const noexcept {}
    void give_back() const noexcept;

protected:
    semaphore& wanted() const noexcept { return *semaphore_; }

private:
    semaphore* semaphore_;
};

}  // namespace detail

/// asyncio.Semaphore: a number of permits.
///
///     rondo::semaphore at_once(10);
///     auto permit = co_await at_once.scoped();                        // one of the ten
///     co_await rondo::with(at_once, [&]() -> rondo::coro<void> {…});  // async with
///
/// Fair: release() gives the permit to the task that has waited longest. Whoever was given one has
/// it, also when it is cancelled before it runs again. Any task may release. Destroying it while
/// tasks wait makes their awaits throw runtime_error. One loop at a time, in that loop's thread.
class semaphore {
public:
    /// With `value` permits; throws invalid_argument when that is negative.
    explicit semaphore(std::ptrdiff_t value = 1) : semaphore(value, PTRDIFF_MAX) {}
    semaphore(const semaphore&) = delete;
    semaphore& operator=(const semaphore&) = delete;

    /// Waits for a permit.
    /// Returns: nothing. Throws: runtime_error when tasks of another loop wait.
    /// Cancellation: leaves the queue; once a permit was given, acquire() succeeds. Fairness: first
    /// come, first served; yields only if it has to wait. Threads: the loop's.
    auto acquire() noexcept { return detail::quick_awaiter<detail::semaphore_request>(*this); }
    /// acquire(), and release() at the end of the C++ scope.
    /// Returns: a scoped_hold<semaphore>. Throws, Cancellation, Fairness, Threads: as acquire().
    auto scoped() noexcept {
        return detail::quick_awaiter<detail::scoped<detail::semaphore_request>>(*this);
    }
    /// Gives a permit to the first who waits, or keeps it. Throws invalid_argument when a
    /// bounded_semaphore has all of its permits already.
    void release() {
        if (value_ >= bound_) [[unlikely]] {
            throw_released_too_often();
        }
        if (detail::queued_waiter* next = waiters_.next()) {
            next->dismiss(detail::verdict::served);
        } else {
            ++value_;
        }
    }
    /// Whether acquire() would have to wait.
    bool locked() const noexcept { return value_ == 0; }

    auto aenter() noexcept { return acquire(); }
    auto aexit(const std::exception_ptr&) {
        release();
        return detail::immediate<bool>(false);
    }

protected:
    semaphore(std::ptrdiff_t value, std::ptrdiff_t bound);

private:
    friend class detail::semaphore_request;

    [[noreturn]] static void throw_released_too_often();

    // Invariant: nobody waits unless value_ is 0.
    std::ptrdiff_t value_;
    std::ptrdiff_t bound_;
    detail::wait_list waiters_;
};

/// asyncio.BoundedSemaphore: a semaphore that refuses to get more permits than it began with.
class bounded_semaphore : public semaphore {
public:
    explicit bounded_semaphore(std::ptrdiff_t value = 1) : semaphore(value, value) {}
};

namespace detail {

inline bool semaphore_request::try_now() const noexcept {
    if (semaphore_->value_ == 0) {
        return false;
    }
    --semaphore_->value_;
    return true;
}
inline wait_list& semaphore_request::waiters() const noexcept { return semaphore_->waiters_; }
inline void semaphore_request::give_back() const noexcept { semaphore_->release(); }

}  // namespace detail
}  // namespace rondo
