// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/shifted_frame.hpp>
#include <rondo/core/detail/stepped_frame.hpp>

#include <coroutine>
#include <exception>
#include <source_location>
#include <type_traits>
#include <utility>
#include <variant>

namespace rondo {

template <class T = void>
class context_manager;

/// How the body of a context manager ended: what its `co_yield` gives. A cheap handle.
class body_end {
public:
    explicit body_end(std::exception_ptr& error) noexcept : error_(&error) {}

    bool failed() const noexcept { return *error_ != nullptr; }
    /// What escaped from the body, cancelled_error included; null when it ended well.
    const std::exception_ptr& error() const noexcept { return *error_; }
    /// Throws what escaped from the body here and now, as Python's `yield` does.
    void rethrow() const {
        if (failed()) {
            std::rethrow_exception(*error_);
        }
    }
    /// The error ends here: `with` goes on after the body.
    void swallow() const noexcept { *error_ = nullptr; }

private:
    std::exception_ptr* error_;
};

namespace detail {

[[noreturn]] void throw_manager_reused();
[[noreturn]] void throw_manager_not_entered();
[[noreturn]] void throw_manager_did_not_yield();
[[noreturn]] void throw_manager_yielded_again();

/// What the promises of all context managers share.
class manager_frame : public stepped_frame {
public:
    using stepped_frame::stepped_frame;

    start_awaiter initial_suspend() const noexcept { return start_awaiter(this); }

    class yielded {
    public:
        explicit yielded(manager_frame& frame) noexcept : frame_(frame) {}
        static bool await_ready() noexcept { return false; }
        void await_suspend(std::coroutine_handle<>) noexcept { frame_.hand_back(); }
        body_end await_resume() noexcept { return body_end(frame_.body_error); }

    private:
        manager_frame& frame_;
    };
    struct finish {
        static bool await_ready() noexcept { return false; }
        template <class Promise>
        static void await_suspend(std::coroutine_handle<Promise> handle) noexcept {
            handle.promise().hand_back();
        }
        static void await_resume() noexcept {}
    };

    static finish final_suspend() noexcept { return {}; }
    void return_void() noexcept {}

    std::exception_ptr body_error;  // null once it was swallowed
};

template <class T>
class manager_promise final : public manager_frame {
public:
    explicit manager_promise(
        std::source_location defined = std::source_location::current()) noexcept
        : manager_frame(defined) {}

    context_manager<T> get_return_object() noexcept;
    /// The resource stays where it is: in the coroutine's frame, which waits meanwhile.
    yielded yield_value(T& resource) noexcept {
        resource_ = __builtin_addressof(resource);
        return yielded(*this);
    }
    yielded yield_value(T&& resource) noexcept { return yield_value(resource); }

    T& resource() noexcept { return *resource_; }
    stepped_owner<manager_promise>* owner = nullptr;

private:
    T* resource_ = nullptr;
};

template <>
class manager_promise<void> final : public manager_frame {
public:
    explicit manager_promise(
        std::source_location defined = std::source_location::current()) noexcept
        : manager_frame(defined) {}

    context_manager<void> get_return_object() noexcept;
    yielded yield_value(std::monostate) noexcept { return yielded(*this); }

    void resource() noexcept {}
    stepped_owner<manager_promise>* owner = nullptr;
};

template <class T>
class enter_awaiter final : public step_awaiter<manager_promise<T>> {
public:
    using enter_awaiter::step_awaiter::step_awaiter;

    bool await_ready() {
        if (!this->frame_ || this->promise().started()) {
            throw_manager_reused();
        }
        return this->step();
    }
    std::add_lvalue_reference_t<T> await_resume() {
        this->end_step_or_rethrow();
        if (this->has_ended()) {
            throw_manager_did_not_yield();
        }
        return this->promise().resource();
    }
};

template <class T>
class exit_awaiter final : public step_awaiter<manager_promise<T>> {
public:
    exit_awaiter(std::coroutine_handle<manager_promise<T>> frame, std::exception_ptr error) noexcept
        : step_awaiter<manager_promise<T>>(frame), error_(std::move(error)) {}

    bool await_ready() {
        if (this->has_ended() || !this->promise().started() || this->promise().running()) {
            throw_manager_not_entered();
        }
        this->promise().body_error = error_;
        return this->step();
    }
    /// Whether the body's error ended in the coroutine.
    bool await_resume() {
        const std::exception_ptr raised = this->end_step();
        if (raised && raised != error_) {
            std::rethrow_exception(raised);
        }
        if (!this->has_ended()) {
            throw_manager_yielded_again();
        }
        return error_ && !raised && !this->promise().body_error;
    }

private:
    std::exception_ptr error_;
};

}  // namespace detail

/// Python's @asynccontextmanager: a coroutine that acquires something, co_yields it once, and goes
/// on after the body to release it. For `with` and `async_exit_stack`.
///
///     rondo::context_manager<connection> borrow(pool& from) {
///         connection c = co_await from.acquire();
///         co_yield c;
///         co_await from.release(std::move(c));
///     }
///     co_await rondo::with(borrow(p), [&](connection& c) -> rondo::coro<void> { ... });
///
/// What stands after the co_yield runs whatever happened in the body, shielded from cancellation,
/// and then the body's error goes on its way: in C++ nothing can be awaited in a handler or a
/// destructor, so the plain sequence is what Python writes with try/finally. The co_yield
/// expression tells how the body ended (`body_end`): `auto end = co_yield c;` and then
/// `end.error()`, `end.swallow()` to let the error end here, or `end.rethrow()` to have it thrown
/// in this place, as Python does. Another error that leaves the coroutine replaces the body's.
///
/// T is what is yielded: the body gets it by reference, and it stays in the coroutine's frame. For
/// a manager without a resource write context_manager<> and `co_yield {};`. Used once; move-only.
/// One that is destroyed before its exit is destroyed where it stands.
template <class T>
class [[nodiscard("a context manager does nothing until with() enters it")]] context_manager {
    static_assert(!std::is_reference_v<T>, "context_manager<T>: T& is what the body gets anyway");

public:
    using promise_type = detail::manager_promise<T>;

    auto aenter() { return detail::enter_awaiter<T>(owner_.frame()); }
    auto aexit(std::exception_ptr error) {
        return detail::exit_awaiter<T>(owner_.frame(), std::move(error));
    }

private:
    friend promise_type;
    explicit context_manager(std::coroutine_handle<promise_type> frame) noexcept : owner_(frame) {}

    detail::stepped_owner<promise_type> owner_;
};

namespace detail {

template <class T>
context_manager<T> manager_promise<T>::get_return_object() noexcept {
    return context_manager<T>(std::coroutine_handle<manager_promise>::from_promise(*this));
}

inline context_manager<void> manager_promise<void>::get_return_object() noexcept {
    return context_manager<void>(std::coroutine_handle<manager_promise>::from_promise(*this));
}

}  // namespace detail
}  // namespace rondo
