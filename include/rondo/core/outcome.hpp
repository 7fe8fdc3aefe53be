// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/detail/argument.hpp>
#include <rondo/core/detail/result_slot.hpp>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace rondo {

/// How something ended: with a value or with an error, as a value.
template <class T>
class outcome {
public:
    using value_type = regular_t<T>;

    outcome(value_type value) : value_(std::forward<value_type>(value)) {}
    outcome(std::exception_ptr error) noexcept
        requires(!std::is_same_v<value_type, std::exception_ptr>)
        : error_(std::move(error)) {}
    /// An error, also where T is std::exception_ptr.
    static outcome failed(std::exception_ptr error) noexcept {
        outcome made;
        made.error_ = std::move(error);
        return made;
    }

    bool has_value() const noexcept { return value_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }
    /// The value, or the error thrown.
    value_type& value() & {
        check();
        return *value_;
    }
    const value_type& value() const& {
        check();
        return *value_;
    }
    value_type value() && {
        check();
        return static_cast<value_type&&>(*value_);
    }
    /// Null with a value.
    const std::exception_ptr& error() const noexcept { return error_; }

private:
    struct reference {
        reference(std::remove_reference_t<value_type>& to) noexcept : at(__builtin_addressof(to)) {}
        operator std::remove_reference_t<value_type>&() const noexcept { return *at; }
        std::remove_reference_t<value_type>* at;
    };

    outcome() noexcept = default;
    void check() const {
        if (!value_) {
            std::rethrow_exception(error_);
        }
    }

    std::optional<std::conditional_t<std::is_reference_v<T>, reference, value_type>> value_;
    std::exception_ptr error_;
};

namespace detail {

template <class A>
auto await_outcome(A inner) -> coro<outcome<passed_result_t<A>>> {
    using result = outcome<passed_result_t<A>>;
    std::exception_ptr error;
    try {
        if constexpr (std::is_void_v<awaitable_result_t<A>>) {
            co_await detail::as_awaited(inner);
            co_return result(std::monostate{});
        } else {
            co_return result(co_await detail::as_awaited(inner));
        }
    } catch (...) {
        error = std::current_exception();
    }
    co_return result::failed(std::move(error));
}

}  // namespace detail

/// Awaits `inner` and gives its error as a value, cancelled_error included: for code that goes on
/// whatever happened. Cancellation: passed to `inner`. Fairness: as `inner`. Threads: the loop's.
/// Returns: outcome<T>. Throws: nothing.
template <awaitable A>
auto as_outcome(A inner) {
    return detail::await_outcome(std::move(inner));
}

}  // namespace rondo
