// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/assert.hpp>
#include <rondo/core/detail/execution.hpp>
#include <rondo/core/detail/generator_frame.hpp>
#include <rondo/core/errors.hpp>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>

namespace rondo {

/// A Python generator: a function that gives its values one by one, each when it is asked for.
///
///     rondo::generator<int> count(int n) {
///         for (int i = 0; i < n; ++i) {
///             co_yield i;
///         }
///     }
///     for (int i : count(3)) { ... }
///
/// It yields Y, is sent S and co_returns R. Nothing runs before the first value is asked for, and
/// nothing runs in between; it is an ordinary function call as to threads, loops and tasks, so it
/// cannot co_await. Where Python raises StopIteration, the operations return nullopt. What escapes
/// from the body escapes from the operation that resumed it, and ends the generator. Destroying it,
/// or `close()`, destroys the body where it stands: destructors run, handlers do not. Move-only.
template <class Y, class S, class R>
class [[nodiscard("a generator runs only when its values are asked for")]] generator {
    static_assert(std::is_object_v<Y>, "generator<Y>: Y is an object type; yield pointers instead");
    static_assert(alignof(std::optional<Y>) <= 2 * sizeof(void*),
                  "generator<Y>: Y's alignment exceeds that of a frame; yield a unique_ptr");

public:
    using promise_type = detail::generator_promise<Y, S, R>;
    using value_type = Y;
    using send_type = S;
    using return_type = R;
    class iterator;

    generator(generator&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}
    generator& operator=(generator&& other) noexcept {
        std::swap(frame_, other.frame_);
        return *this;
    }
    ~generator() {
        if (frame_) {
            RONDO_ASSERT(!frame_.promise().running(),
                         "generator already executing: it is destroyed by its own body");
            detail::destroy_frame(frame_);
        }
    }

    /// Runs to the next co_yield and gives its value; nullopt at the end and ever after. The
    /// co_yield where the generator stands gives S(). Throws what escapes from the body;
    /// runtime_error from within the generator itself.
    std::optional<Y> next() {
        if constexpr (!std::is_void_v<S> && !std::default_initializable<S>) {
            if (!done() && frame_.promise().started()) {
                detail::throw_nothing_sent();
            }
        }
        return resume();
    }

    /// The same, and the co_yield where the generator stands gives `value`. Throws runtime_error
    /// when it does not stand at one yet: call next() first.
    template <class V = S>
        requires(!std::is_void_v<S> && std::convertible_to<V &&, S>)
    std::optional<Y> send(V&& value) {
        if (done()) {
            return std::nullopt;
        }
        if (!frame_.promise().started()) {
            detail::throw_sent_to_unstarted("generator");
        }
        frame_.promise().send(std::forward<V>(value));
        return resume();
    }

    /// The same, and the co_yield where the generator stands throws `error`. Throws it here when
    /// the generator is not started, which closes it, or has ended.
    std::optional<Y> throw_(std::exception_ptr error) {
        if (done() || !frame_.promise().started()) {
            close();
            std::rethrow_exception(std::move(error));
        }
        frame_.promise().throw_in(std::move(error));
        return resume();
    }
    template <class E>
        requires(!std::same_as<std::remove_cvref_t<E>, std::exception_ptr>)
    std::optional<Y> throw_(E&& error) {
        return throw_(std::make_exception_ptr(std::forward<E>(error)));
    }

    /// Destroys the body where it stands. Throws runtime_error from within the generator itself.
    void close() {
        if (frame_) {
            frame_.promise().check_idle();
            detail::destroy_frame(std::exchange(frame_, {}));
        }
    }
    /// Whether it has run to its end or was closed.
    bool done() const noexcept { return !frame_ || frame_.done(); }

    /// What it co_returned. Throws invalid_state_error when it has not.
    std::add_lvalue_reference_t<R> result() const {
        check_result();
        return frame_.promise().result.get();
    }

    /// A range that is passed once; begin() asks for the next value.
    iterator begin() {
        iterator first(*this);
        ++first;
        return first;
    }
    std::default_sentinel_t end() const noexcept { return {}; }

private:
    template <class, class>
    friend class detail::generator_frame;
    friend promise_type;

    explicit generator(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}

    std::optional<Y> resume() {
        if (done()) {
            return std::nullopt;
        }
        frame_.promise().advance();
        return std::move(frame_.promise().value());
    }
    void check_result() const {
        if (!frame_ || !frame_.promise().result.has_value()) {
            detail::throw_generator_has_no_result();
        }
    }
    R take_result() {
        if constexpr (!std::is_void_v<R>) {
            check_result();
            return frame_.promise().result.take();
        }
    }

    std::coroutine_handle<promise_type> frame_;
};

template <class Y, class S, class R>
class generator<Y, S, R>::iterator {
public:
    using value_type = Y;
    using difference_type = std::ptrdiff_t;

    explicit iterator(generator& from) noexcept : from_(&from) {}

    Y& operator*() const noexcept { return *from_->frame_.promise().value(); }
    Y* operator->() const noexcept { return &**this; }
    iterator& operator++() {
        if (!from_->done()) {
            from_->frame_.promise().advance();
        }
        return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& at, std::default_sentinel_t) noexcept {
        return at.from_->done();
    }

private:
    generator* from_;
};

namespace detail {

template <class Y, class S, class R>
generator<Y, S, R> generator_promise<Y, S, R>::get_return_object() noexcept {
    const auto handle = std::coroutine_handle<generator_promise>::from_promise(*this);
    this->set_handle(handle);
    return generator<Y, S, R>(handle);
}

template <class Y, class S>
generator<Y, S, void> generator_promise<Y, S, void>::get_return_object() noexcept {
    const auto handle = std::coroutine_handle<generator_promise>::from_promise(*this);
    this->set_handle(handle);
    return generator<Y, S, void>(handle);
}

}  // namespace detail
}  // namespace rondo
