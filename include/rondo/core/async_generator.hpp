// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/detail/async_generator_core.hpp>
#include <rondo/core/detail/generator_frame.hpp>
#include <rondo/core/detail/immediate.hpp>
#include <rondo/core/detail/shifted_frame.hpp>
#include <rondo/core/detail/stepped_frame.hpp>

#include <concepts>
#include <coroutine>
#include <exception>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>

namespace rondo {

template <class Y, class S = void>
class async_generator;

/// What `aclose()` throws at the co_yield where an async generator stands. Deliberately no
/// std::exception: only code that cleans up sees it, and lets it go on.
class generator_exit final {};

namespace detail {

bool is_generator_exit(const std::exception_ptr& error) noexcept;
[[noreturn]] void throw_async_generator_running(const char* operation);
[[noreturn]] void throw_generator_exit_ignored();

template <class Y, class S>
class async_generator_promise final : public stepped_frame, public async_generator_core {
public:
    explicit async_generator_promise(
        std::source_location defined = std::source_location::current()) noexcept
        : stepped_frame(defined) {}

    class yielded {
    public:
        explicit yielded(async_generator_promise& promise) noexcept : promise_(promise) {}
        static bool await_ready() noexcept { return false; }
        void await_suspend(std::coroutine_handle<>) noexcept { promise_.hand_back(); }
        S await_resume() {
            if (promise_.thrown_) {
                std::rethrow_exception(std::exchange(promise_.thrown_, nullptr));
            }
            if constexpr (!std::is_void_v<S>) {
                return detail::take_sent<S>(promise_.sent_);
            }
        }

    private:
        async_generator_promise& promise_;
    };
    struct finish {
        static bool await_ready() noexcept { return false; }
        static void await_suspend(std::coroutine_handle<async_generator_promise> handle) noexcept {
            handle.promise().untrack();
            handle.promise().hand_back();
        }
        static void await_resume() noexcept {}
    };

    async_generator<Y, S> get_return_object() noexcept;
    start_awaiter initial_suspend() const noexcept { return start_awaiter(this); }
    static finish final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    template <class U = Y>
        requires std::convertible_to<U&&, Y>
    yielded yield_value(U&& value) {
        value_.emplace(std::forward<U>(value));
        return yielded(*this);
    }

    // ---- for the awaits that advance it
    void begin(const char* operation) {
        if (running()) {
            throw_async_generator_running(operation);
        }
        if (!started()) {
            track();
        }
        value_.reset();
    }
    template <class V>
    void send(V&& value) {
        sent_.emplace(std::forward<V>(value));
    }
    void throw_in(std::exception_ptr error) noexcept { thrown_ = std::move(error); }
    std::optional<Y>& value() noexcept { return value_; }

    coro<void> close_at_shutdown() override;

    stepped_owner<async_generator_promise>* owner = nullptr;

private:
    std::optional<Y> value_;
    std::optional<regular_t<S>> sent_;
    std::exception_ptr thrown_;
};

template <class Y, class S>
class next_awaiter : public step_awaiter<async_generator_promise<Y, S>> {
public:
    using next_awaiter::step_awaiter::step_awaiter;

    bool await_ready() {
        if (this->has_ended()) {
            return true;
        }
        this->promise().begin("next");
        if constexpr (!std::is_void_v<S> && !std::default_initializable<S>) {
            if (this->promise().started()) {
                throw_nothing_sent();
            }
        }
        return this->step();
    }
    std::optional<Y> await_resume() {
        this->end_step_or_rethrow();
        return this->frame_ ? std::exchange(this->promise().value(), std::nullopt) : std::nullopt;
    }
};

template <class Y, class S>
class send_awaiter final : public next_awaiter<Y, S> {
public:
    template <class V>
    send_awaiter(std::coroutine_handle<async_generator_promise<Y, S>> frame, V&& value)
        : next_awaiter<Y, S>(frame), value_(std::forward<V>(value)) {}

    bool await_ready() {
        if (this->has_ended()) {
            return true;
        }
        if (!this->promise().started()) {
            throw_sent_to_unstarted("async generator");
        }
        this->promise().begin("asend");
        this->promise().send(std::move(value_));
        return this->step();
    }

private:
    S value_;
};

template <class Y, class S>
class throw_awaiter final : public next_awaiter<Y, S> {
public:
    throw_awaiter(std::coroutine_handle<async_generator_promise<Y, S>> frame,
                  std::exception_ptr error) noexcept
        : next_awaiter<Y, S>(frame), error_(std::move(error)) {}

    bool await_ready() {
        if (this->has_ended()) {
            std::rethrow_exception(std::move(error_));
        }
        if (!this->promise().started()) {
            this->promise().close_unstarted();
            std::rethrow_exception(std::move(error_));
        }
        this->promise().begin("athrow");
        this->promise().throw_in(std::move(error_));
        return this->step();
    }

private:
    std::exception_ptr error_;
};

template <class Y, class S>
class close_awaiter final : public step_awaiter<async_generator_promise<Y, S>> {
public:
    using close_awaiter::step_awaiter::step_awaiter;

    bool await_ready() {
        if (this->has_ended()) {
            return true;
        }
        if (!this->promise().started()) {
            this->promise().close_unstarted();
            return true;
        }
        this->promise().begin("aclose");
        this->promise().throw_in(std::make_exception_ptr(generator_exit()));
        return this->step();
    }
    void await_resume() {
        const std::exception_ptr error = this->end_step();
        if (error && !is_generator_exit(error)) {
            std::rethrow_exception(error);
        }
        if (!this->has_ended()) {
            throw_generator_exit_ignored();
        }
    }
};

}  // namespace detail

/// An asynchronous generator: gives its values one by one, and may co_await in between.
///
///     rondo::async_generator<int> ticks(int n) {
///         for (int i = 0; i < n; ++i) {
///             co_await rondo::sleep(1s);
///             co_yield i;
///         }
///     }
///     auto t = ticks(3);
///     while (auto i = co_await t.next()) { ... *i ... }
///
/// It yields Y and is sent S. Nothing runs before the first value is asked for, and nothing runs in
/// between: the body runs inside the await of whoever asks, as a part of that task, whose
/// cancellation reaches the body's own awaits. What escapes from the body escapes from that await,
/// and ends the generator.
///
/// To leave early, say `co_await g.aclose()`: the body gets generator_exit at its co_yield and may
/// await its clean-up. Or let `with` do it: `co_await with(ticks(9), body)`, where the body takes
/// the generator by reference. A generator that is merely destroyed is destroyed where it stands:
/// destructors run, handlers do not. One that still exists when run() ends is closed by run().
/// Move-only; loop-thread only; advanced by one task at a time.
template <class Y, class S>
class [[nodiscard("an async generator runs only when its values are asked for")]] async_generator {
    static_assert(std::is_object_v<Y>,
                  "async_generator<Y>: Y is an object type; yield pointers instead");
    static_assert(alignof(std::optional<Y>) <= 2 * sizeof(void*),
                  "async_generator<Y>: Y's alignment exceeds that of a frame; yield a unique_ptr");

public:
    using promise_type = detail::async_generator_promise<Y, S>;
    using value_type = Y;
    using send_type = S;

    /// Goes on to the next co_yield.
    /// Returns: its value; nullopt at the end and ever after. The co_yield where it stood gives
    /// S(). Throws: what escapes from the body; runtime_error when the generator is being advanced
    /// already. Cancellation: delivered to the body's await. Fairness: yields only if the body
    /// waits. Threads: the loop's.
    [[nodiscard]] auto next() { return detail::next_awaiter<Y, S>(owner_.frame()); }

    /// The same, and the co_yield where it stood gives `value`. Throws runtime_error when it does
    /// not stand at one yet: call next() first.
    template <class V = S>
        requires(!std::is_void_v<S> && std::convertible_to<V &&, S>)
    [[nodiscard]] auto asend(V&& value) {
        return detail::send_awaiter<Y, S>(owner_.frame(), std::forward<V>(value));
    }

    /// The same, and the co_yield where it stood throws `error`. Throws it here when the generator
    /// has not started, which closes it, or has ended.
    [[nodiscard]] auto athrow(std::exception_ptr error) {
        return detail::throw_awaiter<Y, S>(owner_.frame(), std::move(error));
    }
    template <class E>
        requires(!std::same_as<std::remove_cvref_t<E>, std::exception_ptr>)
    [[nodiscard]] auto athrow(E&& error) {
        return athrow(std::make_exception_ptr(std::forward<E>(error)));
    }

    /// Ends the generator: throws generator_exit where it stands and lets it clean up. Harmless
    /// when it has ended or never started. Returns: nothing. Throws: what escapes from the
    /// clean-up; runtime_error when the body yields again, or is being advanced. Cancellation:
    /// delivered to the body's await; clean up within with(), finally_() or an async_exit_stack to
    /// be shielded. Fairness: yields only if the body waits. Threads: the loop's.
    [[nodiscard]] auto aclose() { return detail::close_awaiter<Y, S>(owner_.frame()); }

    /// Whether it has run to its end or was closed.
    bool done() const noexcept { return owner_.done(); }

    // ---- as the manager of with()
    auto aenter() { return detail::immediate<void>(); }
    coro<bool> aexit(std::exception_ptr) {
        co_await aclose();
        co_return false;
    }

private:
    friend promise_type;
    explicit async_generator(std::coroutine_handle<promise_type> frame) noexcept : owner_(frame) {}

    detail::stepped_owner<promise_type> owner_;
};

namespace detail {

template <class Y, class S>
async_generator<Y, S> async_generator_promise<Y, S>::get_return_object() noexcept {
    return async_generator<Y, S>(
        std::coroutine_handle<async_generator_promise>::from_promise(*this));
}

template <class Y, class S>
coro<void> async_generator_promise<Y, S>::close_at_shutdown() {
    co_await close_awaiter<Y, S>(
        std::coroutine_handle<async_generator_promise>::from_promise(*this));
}

template <class>
inline constexpr bool is_async_generator_v = false;
template <class Y, class S>
inline constexpr bool is_async_generator_v<async_generator<Y, S>> = true;

}  // namespace detail
}  // namespace rondo
