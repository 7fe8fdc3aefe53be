// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/future.hpp>
#include <rondo/core/task.hpp>

#include <coroutine>
#include <type_traits>
#include <utility>

namespace rondo {

namespace detail {

/// An await of a task or future that leaves it alone when the awaiting task is cancelled.
template <class Awaiter>
class shield_awaiter final : public Awaiter {
public:
    using Awaiter::Awaiter;
    cancel_answer cancel() noexcept override {
        this->awaited_->remove_listener(*this);
        return cancel_answer::done;
    }
    const char* operation() const noexcept override { return "shield"; }
    /// For wait_for, which asks whether there is anything to wait for.
    bool done() const noexcept { return this->awaited_->done(); }
};

}  // namespace detail

/// asyncio.shield: awaits `inner`, but a cancellation of the awaiting task ends only the await.
/// What is no task yet becomes one first, which goes on running then, until run() shuts down.
///
/// Returns: inner's result, as `co_await inner` would. Throws: inner's error; cancelled_error when
/// either side was cancelled. Cancellation: not passed on. Fairness: as inner. Threads: the loop's.
template <class T>
auto shield(const task<T>& inner) {
    return detail::shield_awaiter<detail::task_awaiter<T>>(inner.core());
}
template <class T>
auto shield(coro<T> inner) {
    const task<T> started = rondo::create_task(std::move(inner));
    return detail::shield_awaiter<detail::task_taker<T>>(started.core());
}
template <class T>
auto shield(const future<T>& inner) {
    return detail::shield_awaiter<detail::future_awaiter<T>>(
        static_cast<detail::future_data<T>&>(inner.core()));
}
/// Any other await, such as sleep(), in a task of its own.
template <detail::native_awaitable A>
auto shield(A inner) {
    return rondo::shield(rondo::ensure_future(std::move(inner)));
}

}  // namespace rondo
