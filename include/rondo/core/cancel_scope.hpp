// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/clock.hpp>
#include <rondo/core/detail/immediate.hpp>
#include <rondo/core/detail/scope_core.hpp>
#include <rondo/core/errors.hpp>
#include <rondo/core/with.hpp>

#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace rondo {

namespace detail {

/// A moment from now on, on the running loop's clock.
time_point deadline_after(nanoseconds delay);

/// What cancel_scope and timeout share. May be moved until it is entered.
class scope_manager {
public:
    using exits_unshielded = void;

    scope_manager(scope_manager&& other);
    scope_manager& operator=(scope_manager&&) = delete;

    /// For rondo's own parts.
    detail::scope_core& core() noexcept { return scope_; }
    const detail::scope_core& core() const noexcept { return scope_; }

protected:
    scope_manager() = default;
    ~scope_manager() = default;
    void check_reschedulable() const;

    scope_core scope_;
};

}  // namespace detail

/// trio's CancelScope: a part of a task that can be cancelled as a whole, by `cancel()` from
/// anywhere in the loop or by a deadline.
///
///     co_await rondo::with(rondo::cancel_scope(), [&](rondo::cancel_scope& scope) ->
///     rondo::coro<void> {
///         scope.set_deadline(rondo::get_running_loop().time() + 2s);
///         co_await work();
///     });
///
/// Once cancelled, every await inside throws cancelled_error, again and again, until the scope is
/// left; there the error ends, unless somebody outside wants the task cancelled too. A shielded
/// scope hides every outer cancellation from what runs inside. Used once; loop-thread only.
class cancel_scope : public detail::scope_manager {
public:
    cancel_scope() = default;
    /// Cancelled by itself at `deadline`.
    explicit cancel_scope(time_point deadline) { scope_.set_deadline(deadline); }

    /// May be called before the scope is entered: then the first await inside throws.
    void cancel(std::string reason = {}) noexcept { scope_.cancel(std::move(reason)); }
    bool cancel_called() const noexcept { return scope_.cancel_called(); }
    const std::string& cancel_reason() const noexcept { return scope_.reason(); }
    /// Whether the scope ended the error of its own cancellation. After it was left.
    bool cancelled_caught() const noexcept { return caught_; }

    /// time_point::max() when there is none.
    time_point deadline() const noexcept { return scope_.deadline(); }
    void set_deadline(time_point when) { scope_.set_deadline(when); }
    bool shield() const noexcept { return scope_.shield(); }
    void set_shield(bool on) noexcept { scope_.set_shield(on); }

    auto aenter() {
        scope_.enter("cancel_scope");
        return detail::immediate<void>();
    }
    auto aexit(const std::exception_ptr& error) {
        caught_ = scope_.leave(error);
        return detail::immediate<bool>(caught_);
    }

private:
    friend class task_group;
    bool caught_ = false;
};

namespace detail {

template <class F>
coro<bool> move_on_at(time_point deadline, F body) {
    cancel_scope scope(deadline);
    co_await rondo::with(scope, body);
    co_return !scope.cancelled_caught();
}

}  // namespace detail

/// Runs `body()` for at most that long and then leaves it, without an error.
/// Returns: whether the body finished. Throws: what the body throws. Cancellation, Fairness,
/// Threads: as the body.
template <class Rep, class Period, class F>
auto move_on_after(std::chrono::duration<Rep, Period> delay, F&& body) {
    detail::check_callable<F>();
    return detail::move_on_at<F>(detail::deadline_after(detail::to_nanoseconds(delay)),
                                 std::forward<F>(body));
}

/// The deadline of the innermost scopes that the running task can see: time_point::max() when there
/// is none, time_point::min() when it is cancelled already.
time_point current_effective_deadline();

}  // namespace rondo
