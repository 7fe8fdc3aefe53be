// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/awaitable.hpp>
#include <rondo/core/detail/temporaries.hpp>
#include <rondo/core/detail/waiter.hpp>

#include <coroutine>
#include <type_traits>
#include <utility>

namespace rondo::detail {

/// Lets a task wait for an awaitable that knows nothing of rondo.
///
/// The awaitable gets the handle of a small coroutine that makes the task ready, so it may be
/// resumed from a callback or from any thread, and the task still goes on in its loop, in its turn.
/// A foreign await cannot be cancelled: the cancellation waits for the next one.
class foreign_waiter : public waiter {
public:
    cancel_answer cancel() noexcept override { return cancel_answer::deferred; }
    const char* operation() const noexcept override { return "a foreign awaitable"; }

protected:
    foreign_waiter() = default;
    ~foreign_waiter();

    /// The handle to give to the awaitable; the task counts as suspended from here on.
    std::coroutine_handle<> begin(std::coroutine_handle<> awaiting);
    /// The awaitable did not suspend after all.
    void undo() noexcept;
    /// The awaitable asks to go on with `next`, by symmetric transfer.
    void transfer(std::coroutine_handle<> next) noexcept;
    /// For coroutines driven by hand: an error that was thrown in.
    void rethrow_thrown_in();

private:
    friend struct wake_up_call;
    std::coroutine_handle<> call_{};
};

template <class A>
class foreign_await : public foreign_waiter {
public:
    using rondo_awaitable = void;

    explicit foreign_await(A&& awaitable)
        : awaiter_(detail::get_awaiter(static_cast<A&&>(awaitable))) {
        check_awaited<A>();
    }

    bool await_ready() { return awaiter_.await_ready(); }

    bool await_suspend(std::coroutine_handle<> awaiting) {
        const std::coroutine_handle<> call = begin(awaiting);
        using result = decltype(awaiter_.await_suspend(call));
        try {
            if constexpr (std::is_void_v<result>) {
                awaiter_.await_suspend(call);
            } else if constexpr (std::is_same_v<result, bool>) {
                if (!awaiter_.await_suspend(call)) {
                    undo();
                    return false;
                }
            } else {
                transfer(awaiter_.await_suspend(call));
            }
        } catch (...) {
            undo();
            throw;
        }
        return true;
    }

    decltype(auto) await_resume() {
        rethrow_thrown_in();
        return awaiter_.await_resume();
    }

private:
    decltype(detail::get_awaiter(std::declval<A>())) awaiter_;
};

}  // namespace rondo::detail
