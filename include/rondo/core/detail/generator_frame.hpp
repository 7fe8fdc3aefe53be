// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/frame_pool.hpp>
#include <rondo/core/detail/result_slot.hpp>
#include <rondo/core/detail/shifted_frame.hpp>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace rondo {

template <class Y, class S = void, class R = void>
class generator;

/// `co_yield elements_of(sub)` inside a generator is `yield from sub`: until sub ends, its values,
/// and what is sent or thrown in, pass directly between it and the caller. The expression gives
/// what sub co_returns. `sub` is a generator of the same Y and S, or any range; a temporary is
/// owned.
template <class G>
class elements_of {
public:
    explicit elements_of(G&& from) : source(std::forward<G>(from)) {}
    G source;
};
template <class G>
elements_of(G&&) -> elements_of<G>;

namespace detail {

[[noreturn]] void throw_generator_running();
[[noreturn]] void throw_sent_to_unstarted(const char* kind);
[[noreturn]] void throw_nothing_sent();
[[noreturn]] void throw_generator_has_no_result();

template <class>
inline constexpr bool never = false;
template <class>
inline constexpr bool is_generator_v = false;
template <class Y, class S, class R>
inline constexpr bool is_generator_v<generator<Y, S, R>> = true;

/// What co_yield gives: what was sent, or S() when nothing was, as Python's None.
template <class S>
S take_sent(std::optional<S>& sent) {
    if (sent) {
        S value = std::move(*sent);
        sent.reset();
        return value;
    }
    if constexpr (std::default_initializable<S>) {
        return S();
    } else {
        throw_nothing_sent();
    }
}

/// The part of a generator's promise that does not depend on its result.
///
/// Generators that delegate form a chain. The outermost one owns what passes in and out (`own_`),
/// everybody in the chain points to it (`top_`), and it resumes the innermost one directly.
template <class Y, class S>
class generator_frame : public pooled {
public:
    generator_frame() noexcept = default;
    generator_frame(const generator_frame&) = delete;
    generator_frame& operator=(const generator_frame&) = delete;

    /// Ends one generator of the chain: the one that delegated to it goes on.
    struct finish {
        static bool await_ready() noexcept { return false; }
        template <class Promise>
        static void await_suspend(std::coroutine_handle<Promise> handle) noexcept {
            generator_frame& ended = handle.promise();
            if (ended.outer_ != nullptr) {
                ended.top_->innermost = ended.outer_;
            }
        }
        static void await_resume() noexcept {}
    };

    class yielded {
    public:
        explicit yielded(generator_frame& frame) noexcept : frame_(frame) {}
        static bool await_ready() noexcept { return false; }
        static void await_suspend(std::coroutine_handle<>) noexcept {}
        S await_resume() {
            if (frame_.top_->thrown) {
                std::rethrow_exception(std::exchange(frame_.top_->thrown, nullptr));
            }
            if constexpr (!std::is_void_v<S>) {
                return detail::take_sent<S>(frame_.top_->sent);
            }
        }

    private:
        generator_frame& frame_;
    };

    template <class G>
    class delegation;

    start_awaiter initial_suspend() const noexcept { return start_awaiter(this); }
    static finish final_suspend() noexcept { return {}; }
    void unhandled_exception() noexcept { error_ = std::current_exception(); }

    template <class U = Y>
        requires std::convertible_to<U&&, Y>
    yielded yield_value(U&& value) {
        top_->value.emplace(std::forward<U>(value));
        return yielded(*this);
    }

    template <class G>
        requires is_generator_v<std::remove_cvref_t<G>>
    delegation<G> yield_value(elements_of<G>&& sub) {
        return delegation<G>(*this, std::forward<G>(sub.source));
    }
    template <class Range>
        requires(!is_generator_v<std::remove_cvref_t<Range>>)
    auto yield_value(elements_of<Range>&& range) {
        return delegation<generator<Y, S>>(*this,
                                           each_of<Range>(std::forward<Range>(range.source)));
    }

    template <class A>
    void await_transform(A&&) {
        static_assert(never<A>,
                      "a generator cannot co_await: it runs inside its caller's next(). Write an "
                      "async_generator instead");
    }

    // ---- for the generator object
    bool started() const noexcept { return started_; }
    bool running() const noexcept { return running_; }
    void check_idle() const {
        if (running_ || top_ != &own_) {
            throw_generator_running();
        }
    }
    /// Runs the chain to its next co_yield or to its end; rethrows what escaped.
    void advance() {
        check_idle();
        own_.value.reset();
        running_ = started_ = true;
        do {
            own_.innermost->handle_.resume();
        } while (!own_.value && !handle_.done());
        running_ = false;
        rethrow_if_failed();
    }
    template <class V>
    void send(V&& value) {
        check_idle();
        own_.sent.emplace(std::forward<V>(value));
    }
    void throw_in(std::exception_ptr error) {
        check_idle();
        own_.thrown = std::move(error);
    }
    std::optional<Y>& value() noexcept { return own_.value; }
    void rethrow_if_failed() {
        if (error_) {
            std::rethrow_exception(std::exchange(error_, nullptr));
        }
    }

protected:
    ~generator_frame() = default;
    void set_handle(std::coroutine_handle<> handle) noexcept { handle_ = handle; }

private:
    template <class Range>
    static generator<Y, S> each_of(Range range) {
        for (auto&& element : range) {
            co_yield std::forward<decltype(element)>(element);
        }
    }

    struct exchange {
        generator_frame* innermost;
        std::optional<Y> value{};
        std::optional<regular_t<S>> sent{};
        std::exception_ptr thrown{};
    };

    /// Makes the chain that begins here the inner part of the chain of `outer`.
    void attach(generator_frame& outer) noexcept {
        report_to(*outer.top_, own_.innermost);
        outer_ = &outer;
        started_ = true;
        top_->innermost = own_.innermost;
    }
    void detach() noexcept {
        own_.innermost = handle_.done() ? this : top_->innermost;
        report_to(own_, own_.innermost);
        outer_ = nullptr;
    }
    void report_to(exchange& top, generator_frame* innermost) noexcept {
        for (generator_frame* frame = innermost; frame != this; frame = frame->outer_) {
            frame->top_ = &top;
        }
        top_ = &top;
    }

    exchange own_{this};
    exchange* top_ = &own_;
    generator_frame* outer_ = nullptr;  // the one that delegates to this one
    std::coroutine_handle<> handle_;
    std::exception_ptr error_;
    bool started_ = false;
    bool running_ = false;
};

template <class Y, class S, class R>
class generator_promise final : public generator_frame<Y, S> {
public:
    generator<Y, S, R> get_return_object() noexcept;
    template <class U = R>
        requires std::convertible_to<U&&, R>
    void return_value(U&& value) {
        result.set(std::forward<U>(value));
    }
    result_slot<R> result;
};

template <class Y, class S>
class generator_promise<Y, S, void> final : public generator_frame<Y, S> {
public:
    generator<Y, S, void> get_return_object() noexcept;
    void return_void() noexcept { result.set(); }
    result_slot<void> result;
};

/// The await behind `co_yield elements_of(generator)`.
template <class Y, class S>
template <class G>
class generator_frame<Y, S>::delegation {
    using sub_generator = std::remove_reference_t<G>;
    static_assert(
        std::is_same_v<typename sub_generator::value_type, Y> &&
            std::is_same_v<typename sub_generator::send_type, S>,
        "elements_of(sub): sub yields and is sent the same types as the generator around it");

public:
    delegation(generator_frame& outer, G&& sub) : outer_(outer), sub_(std::forward<G>(sub)) {}
    delegation(const delegation&) = delete;
    delegation& operator=(const delegation&) = delete;
    ~delegation() { detach(); }

    bool await_ready() {
        if (sub_.done()) {
            return true;
        }
        frame().check_idle();
        return false;
    }
    void await_suspend(std::coroutine_handle<>) noexcept {
        frame().attach(outer_);
        attached_ = true;
    }
    decltype(auto) await_resume() {
        detach();
        if (sub_.frame_) {
            frame().rethrow_if_failed();
        }
        return sub_.take_result();
    }

private:
    generator_frame& frame() noexcept { return sub_.frame_.promise(); }
    void detach() noexcept {
        if (std::exchange(attached_, false)) {
            frame().detach();
        }
    }

    generator_frame& outer_;
    G sub_;
    bool attached_ = false;
};

}  // namespace detail
}  // namespace rondo
