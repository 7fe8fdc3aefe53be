// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/future_core.hpp>
#include <rondo/core/detail/result_slot.hpp>
#include <rondo/core/detail/waiter.hpp>
#include <rondo/core/with.hpp>

#include <concepts>
#include <coroutine>
#include <exception>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace rondo {

namespace detail {

class loop_core;
class suspend_waiter;

/// What a suspended await and its resolvers share; counted, and released by any thread.
///
/// Whoever claims it first owns the result and writes it; the loop's thread reads it once
/// `arrive()` has run there. Another thread posts to the loop only while somebody waits: while it
/// does so, `loop_` is marked as busy, and the end of the await takes that much longer.
class suspend_core {
public:
    suspend_core(suspend_waiter& waiter, loop_core& loop) noexcept
        : waiter_(&waiter), loop_(&loop) {}
    suspend_core(const suspend_core&) = delete;
    suspend_core& operator=(const suspend_core&) = delete;
    virtual ~suspend_core() = default;

    void retain() noexcept;
    void release() noexcept;

    /// Throws invalid_state_error when somebody has resolved or rejected before.
    void claim();
    /// It was not resolved after all.
    void unclaim() noexcept;
    void set_error(std::exception_ptr error) noexcept { error_ = std::move(error); }
    /// Wakes the waiting task, if there still is one. In the loop's thread.
    void arrive() noexcept;
    /// The same from any thread, by the one that has claimed it.
    void arrive_threadsafe();
    /// Nobody waits any more; whatever comes later is dropped.
    void forget() noexcept;

    bool arrived() const noexcept { return arrived_; }
    void rethrow_if_rejected() const {
        if (error_) {
            std::rethrow_exception(error_);
        }
    }

private:
    suspend_waiter* waiter_;  // null once it does not wait any more; loop's thread
    loop_core* loop_;         // null then, and marked while another thread posts; atomic
    std::exception_ptr error_;
    unsigned references_ = 1;  // atomic
    bool claimed_ = false;     // atomic
    bool arrived_ = false;
};

template <class T>
class suspend_state final : public suspend_core {
public:
    using suspend_core::suspend_core;
    result_slot<T> result;
};

class suspend_waiter : public waiter {
public:
    using rondo_awaitable = void;

    suspend_waiter() = default;

    void await_suspend(std::coroutine_handle<> handle) noexcept;
    const char* operation() const noexcept override { return "suspend"; }
    bool suspended() const noexcept { return suspended_; }

protected:
    ~suspend_waiter() = default;

    /// Whether the await is over before it began: cancelled.
    bool begin() { return cancelled_before_start(); }
    /// Whether the result that has arrived already may be taken at once.
    bool completes_at_once() noexcept {
        yields_ = !within_budget();
        return !yields_;
    }
    static loop_core& running_loop();
    /// Reports what a callback threw that must not throw.
    static void report_from_on_cancel() noexcept;

    bool suspended_ = false;

private:
    bool yields_ = false;
};

}  // namespace detail

/// Ends one `suspend`: with a value or with an error, once. A cheap handle; copies end the same
/// await. When the await was cancelled meanwhile, what arrives is dropped. Every copy may be
/// dropped anywhere, but then nobody ends the await.
template <class T = void>
class resolver {
public:
    explicit resolver(detail::core_ref<detail::suspend_state<T>> state) noexcept
        : state_(std::move(state)) {}

    /// Ends the await with `value`. In the loop's thread. Throws invalid_state_error when the await
    /// was resolved or rejected before.
    template <class U = T>
        requires(!std::is_void_v<T> && std::convertible_to<U &&, T>)
    void resolve(U&& value) const {
        set(std::forward<U>(value));
        state_->arrive();
    }
    void resolve() const
        requires std::is_void_v<T>
    {
        set();
        state_->arrive();
    }
    /// Makes the await throw. In the loop's thread.
    void reject(std::exception_ptr error) const {
        set_error(std::move(error));
        state_->arrive();
    }
    template <class E>
        requires(!std::same_as<std::remove_cvref_t<E>, std::exception_ptr>)
    void reject(E&& error) const {
        reject(std::make_exception_ptr(std::forward<E>(error)));
    }

    /// The same from any thread, at any time. Throws bad_alloc when there is no memory to tell the
    /// loop: nothing has been resolved then, and it may be tried again.
    template <class U = T>
        requires(!std::is_void_v<T> && std::convertible_to<U &&, T>)
    void resolve_threadsafe(U&& value) const {
        set(std::forward<U>(value));
        arrive_threadsafe();
    }
    void resolve_threadsafe() const
        requires std::is_void_v<T>
    {
        set();
        arrive_threadsafe();
    }
    void reject_threadsafe(std::exception_ptr error) const {
        set_error(std::move(error));
        arrive_threadsafe();
    }
    template <class E>
        requires(!std::same_as<std::remove_cvref_t<E>, std::exception_ptr>)
    void reject_threadsafe(E&& error) const {
        reject_threadsafe(std::make_exception_ptr(std::forward<E>(error)));
    }

private:
    template <class... U>
    void set(U&&... value) const {
        state_->claim();
        try {
            state_->result.set(std::forward<U>(value)...);
        } catch (...) {
            state_->set_error(std::current_exception());
        }
    }
    void set_error(std::exception_ptr error) const {
        state_->claim();
        state_->set_error(std::move(error));
    }
    void arrive_threadsafe() const {
        try {
            state_->arrive_threadsafe();
        } catch (const std::bad_alloc&) {
            state_->result.clear();
            state_->unclaim();
            throw;
        }
    }

    detail::core_ref<detail::suspend_state<T>> state_;
};

namespace detail {

/// on_cancel, or nothing.
template <class F, class T>
using on_cancel_t = regular_t<std::invoke_result_t<F&, resolver<T>>>;

template <class T, class F>
class suspend_awaiter final : public suspend_waiter {
public:
    explicit suspend_awaiter(F&& start) : start_(std::move(start)) {}
    explicit suspend_awaiter(const F& start) : start_(start) {}
    ~suspend_awaiter() {
        if (state_) {
            give_up();
        }
    }

    bool await_ready() {
        if (begin()) {
            return true;
        }
        state_ = core_ref<suspend_state<T>>::adopt(*new suspend_state<T>(*this, running_loop()));
        try {
            call_start();
        } catch (...) {
            end();
            throw;
        }
        return state_->arrived() && completes_at_once();
    }
    T await_resume() {
        throw_if_cancelled();
        const core_ref<suspend_state<T>> ended = end();
        ended->rethrow_if_rejected();
        return ended->result.take();
    }
    cancel_answer cancel() noexcept override {
        if (!state_) {
            return cancel_answer::deferred;  // on_cancel runs, and cancels the task that waits here
        }
        give_up();
        return cancel_answer::done;
    }

private:
    void call_start() {
        if constexpr (std::is_void_v<std::invoke_result_t<F&, resolver<T>>>) {
            start_(resolver<T>(state_));
        } else {
            on_cancel_.emplace(start_(resolver<T>(state_)));
        }
    }
    core_ref<suspend_state<T>> end() noexcept {
        state_->forget();
        return std::exchange(state_, {});
    }
    /// Nobody waits any more, and the other side is told so unless it has finished.
    void give_up() noexcept {
        const bool was_pending = !end()->arrived();
        if constexpr (!std::is_void_v<std::invoke_result_t<F&, resolver<T>>>) {
            if (was_pending && on_cancel_) {
                try {
                    (*on_cancel_)();
                } catch (...) {
                    report_from_on_cancel();
                }
            }
        } else {
            static_cast<void>(was_pending);
        }
    }

    F start_;
    core_ref<suspend_state<T>> state_;  // while the await is under way
    std::optional<on_cancel_t<F, T>> on_cancel_;
};

}  // namespace detail

/// Makes something awaitable that reports by a callback.
///
///     int answer = co_await rondo::suspend<int>([&](rondo::resolver<int> r) {
///         request* q = start_request([r](int result) { r.resolve(result); });
///         return [q] { abandon(q); };
///     });
///
/// `start(resolver)` is called at the await. It may resolve at once; otherwise the task waits until
/// somebody does. What it returns, if anything, is called when the await is cancelled, or when the
/// waiting coroutine is destroyed; it must not throw.
/// Returns: what was given to resolve. Throws: what was given to reject; what `start` throws.
/// Cancellation: calls on_cancel and throws at once; what is resolved later is dropped. Fairness:
/// does not yield when `start` resolves. Threads: the loop's; see resolver for the others.
template <class T = void, class F>
[[nodiscard("co_await suspend(...)")]] auto suspend(F&& start) {
    static_assert(std::is_invocable_v<std::decay_t<F>&, resolver<T>>,
                  "suspend<T>(start): start takes a resolver<T>");
    using on_cancel = std::invoke_result_t<std::decay_t<F>&, resolver<T>>;
    static_assert(
        std::is_void_v<on_cancel> || std::is_invocable_v<std::add_lvalue_reference_t<on_cancel>>,
        "suspend<T>(start): start returns nothing, or a function to call on cancellation");
    detail::check_callable<F>();
    return detail::suspend_awaiter<T, std::decay_t<F>>(std::forward<F>(start));
}

}  // namespace rondo
