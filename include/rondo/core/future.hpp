// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/frame_pool.hpp>
#include <rondo/core/detail/future_core.hpp>
#include <rondo/core/detail/future_waiter.hpp>
#include <rondo/core/detail/result_slot.hpp>

#include <concepts>
#include <cstdint>
#include <exception>
#include <string>
#include <type_traits>
#include <utility>

namespace rondo {

template <class T>
class future;

namespace detail {

/// A future's core knows how to delete itself, a task's is destroyed with its frame.
class future_data_base : public future_core {
public:
    void destroy() noexcept { destroy_(*this); }

protected:
    using destroyer = void (*)(future_data_base&) noexcept;
    future_data_base(loop_core* loop, destroyer how) noexcept
        : future_core(loop, future_kind::future), destroy_(how) {}
    ~future_data_base() = default;

private:
    destroyer destroy_;
};

template <class T>
class future_data final : public future_data_base, public pooled {
public:
    explicit future_data(loop_core* loop) noexcept
        : future_data_base(loop, [](future_data_base& self) noexcept {
              delete static_cast<future_data*>(&self);
          }) {}

    result_slot<T> result;
};

template <class T>
class future_awaiter : public future_waiter {
public:
    using value_type = T;

    explicit future_awaiter(future_data<T>& data) noexcept : future_waiter(data) {}

    std::add_lvalue_reference_t<T> await_resume() {
        check_end();
        return static_cast<future_data<T>&>(*awaited_).result.get();
    }
};

template <class T>
class future_taker : public future_waiter {
public:
    using value_type = T;

    explicit future_taker(future_data<T>& data) noexcept : future_waiter(data) {}

    std::remove_const_t<T> await_resume() {
        check_end();
        return static_cast<future_data<T>&>(*awaited_).result.take();
    }
};

template <class F>
std::uintptr_t callback_identity(const F& fn) noexcept {
    if constexpr (std::is_pointer_v<std::decay_t<F>>) {
        return reinterpret_cast<std::uintptr_t>(+fn);
    } else {
        static_cast<void>(fn);
        return 0;
    }
}

}  // namespace detail

/// A result that somebody will set: asyncio's Future. A cheap handle; copies refer to the same
/// future. For code at the border to callbacks; between coroutines use tasks, events and queues.
///
/// A future belongs to a loop: the running one where it was made, else the first one in which it is
/// awaited. Returns (co_await): the result, by reference from a named handle, moved out of a
/// temporary one, again and again. Throws: the error that was set; cancelled_error. Cancellation:
/// of the awaiting task cancels the future. Fairness: a future that is done does not suspend.
/// Threads: the loop's.
template <class T = void>
class [[nodiscard]] future {
public:
    using rondo_awaitable = void;
    using value_type = T;

    future() : future(detail::exec.loop) {}
    explicit future(detail::loop_core* loop)
        : data_(
              detail::core_ref<detail::future_data<T>>::adopt(*new detail::future_data<T>(loop))) {}

    bool done() const noexcept { return data_->done(); }
    bool cancelled() const noexcept { return data_->is_cancelled(); }
    /// The result. Throws the error, cancelled_error, or invalid_state_error while pending.
    std::add_lvalue_reference_t<T> result() const {
        data_->check_value();
        return data_->result.get();
    }
    /// The error; null with a result. Throws cancelled_error or invalid_state_error.
    std::exception_ptr exception() const { return detail::error_or_throw(*data_); }

    /// Throws invalid_state_error when the future is done.
    template <class U = T>
        requires(!std::is_void_v<T> && std::convertible_to<U &&, T>)
    void set_result(U&& value) const {
        detail::check_pending(*data_, "set_result");
        data_->result.set(std::forward<U>(value));
        data_->set_value_state();
    }
    void set_result() const
        requires std::is_void_v<T>
    {
        detail::check_pending(*data_, "set_result");
        data_->result.set();
        data_->set_value_state();
    }
    /// For a callback that may come too late: sets the result unless the future was cancelled.
    /// Whether it did. Throws invalid_state_error when the future has a result or an error.
    template <class... U>
    bool set_result_unless_cancelled(U&&... value) const {
        if (cancelled()) {
            return false;
        }
        set_result(std::forward<U>(value)...);
        return true;
    }
    void set_exception(std::exception_ptr error) const {
        detail::check_pending(*data_, "set_exception");
        data_->set_error_state(std::move(error));
    }
    template <class E>
        requires(!std::same_as<std::remove_cvref_t<E>, std::exception_ptr>)
    void set_exception(E&& error) const {
        set_exception(std::make_exception_ptr(std::forward<E>(error)));
    }
    /// Makes a pending future cancelled at once; false when it is done.
    bool cancel(std::string message = {}) const { return data_->cancel(std::move(message)); }

    /// Schedules fn(future) for the end, or at once when it is done. Returns an id for removal.
    template <class F>
    std::uintptr_t add_done_callback(F fn) const {
        const auto identity = detail::callback_identity(fn);
        return detail::add_done_callback(
            *data_, identity, [fn = std::move(fn)](detail::future_core& core) mutable {
                detail::call_with_optional_argument(
                    fn, future(static_cast<detail::future_data<T>&>(core)));
            });
    }
    /// Removes the callback with that id; returns how many there were.
    std::size_t remove_done_callback(std::uintptr_t id) const noexcept {
        return detail::remove_done_callbacks(*data_, id);
    }
    /// Removes all registrations of a plain function.
    std::size_t remove_done_callback(void (*fn)(future)) const noexcept {
        return detail::remove_done_callbacks(*data_, detail::callback_identity(fn));
    }

    auto operator co_await() const& { return detail::future_awaiter<T>(*data_); }
    auto operator co_await() && { return detail::future_taker<T>(*data_); }

    friend bool operator==(const future& a, const future& b) noexcept { return a.data_ == b.data_; }

    detail::future_core& core() const noexcept { return *data_; }

private:
    explicit future(detail::future_data<T>& data) noexcept
        : data_(detail::core_ref<detail::future_data<T>>::share(data)) {}

    detail::core_ref<detail::future_data<T>> data_;
};

namespace detail {
template <class T>
inline constexpr bool is_future_v = false;
template <class T>
inline constexpr bool is_future_v<future<T>> = true;
}  // namespace detail

}  // namespace rondo
