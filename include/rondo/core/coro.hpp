// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/assert.hpp>
#include <rondo/core/detail/frame.hpp>
#include <rondo/core/detail/result_slot.hpp>
#include <rondo/core/detail/shifted_frame.hpp>
#include <rondo/core/detail/task_core.hpp>
#include <rondo/core/errors.hpp>

#include <concepts>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <new>
#include <source_location>
#include <type_traits>
#include <utility>

namespace rondo {

template <class T>
class coro;

/// inspect.getcoroutinestate.
enum class coro_state : std::uint8_t { created, running, suspended, closed };

namespace detail {

/// What is awaited by itself, such as what sleep() gives.
template <class A>
concept native_awaiter = native_awaitable<A> && awaiter<A>;

/// A coroutine that awaits `what`.
template <class A>
coro<passed_result_t<A>> await_one(A what);

/// How a coroutine is run. Those that have a core come last; from `unused` on, a drop is checked.
enum class coro_use : std::uint8_t {
    awaited,  // by another coroutine
    failed,   // awaited, and ended by an exception: `error` is alive
    left,     // spawned, and destroyed before its end: `core` outlives the frame
    unused,   // created, nobody runs it
    spawned,  // as a task: `core` is alive, the loop owns it
    manual,   // by hand, with send(): `core` is alive, the coroutine object owns it
};

/// The part of a coroutine's promise that comes first in its frame, so that a task's core and its
/// frame are found from each other.
class coro_promise_base : public frame_base {
public:
    explicit coro_promise_base(std::source_location defined) noexcept : frame_base(defined) {}
    coro_promise_base(const coro_promise_base&) = delete;
    coro_promise_base& operator=(const coro_promise_base&) = delete;
    ~coro_promise_base() {
        static_assert(sizeof(coro_promise_base) == sizeof(frame_header) + sizeof(task_core),
                      "the core follows the header at once: task_core::frame() relies on it");
        if (has_core()) {
            core_.~task_core();
        } else if (use_ == coro_use::failed) [[unlikely]] {
            error_.~exception_ptr();
        }
    }

    coro_use use() const noexcept { return use_; }
    void set_awaited() noexcept { use_ = coro_use::awaited; }
    bool has_core() const noexcept { return use_ >= coro_use::spawned; }
    /// Turns the coroutine into a task of `loop`, or into one driven by hand when that is null.
    task_core& make_core(loop_core* loop, std::uint64_t id) noexcept {
        ::new (static_cast<void*>(&core_)) task_core(loop, id);
        continuation = core_.handle();
        parent = this;
        use_ = loop != nullptr ? coro_use::spawned : coro_use::manual;
        return core_;
    }
    task_core& core() noexcept { return core_; }
    /// The frame is about to be destroyed, and the core stays.
    void leave_core() noexcept { use_ = coro_use::left; }

    void store_error(std::exception_ptr error) noexcept {
        if (has_core()) {
            core_.set_raised(std::move(error));
        } else {
            ::new (static_cast<void*>(&error_)) std::exception_ptr(std::move(error));
            use_ = coro_use::failed;
        }
    }
    [[gnu::always_inline]] void rethrow_if_failed() {
        if (use_ == coro_use::failed) [[unlikely]] {
            std::rethrow_exception(std::move(error_));
        }
    }
    bool has_result() const noexcept { return has_result_; }

protected:
    void note_result() noexcept { has_result_ = true; }

private:
    coro_use use_ = coro_use::unused;
    bool has_result_ = false;  // beside the result it would take 8 bytes, and here none
    union {
        task_core core_;
        std::exception_ptr error_;
    };
};

template <class T>
class coro_promise_storage : public coro_promise_base {
public:
    using coro_promise_base::coro_promise_base;

    static final_awaiter final_suspend() noexcept { return {}; }
    void unhandled_exception() noexcept { store_error(std::current_exception()); }

    result_room<T>& result() noexcept { return result_; }

protected:
    ~coro_promise_storage() {
        if (has_result()) {
            result_.destroy();
        }
    }
    template <class... Value>
    void set_result(Value&&... value) {
        result_.set(std::forward<Value>(value)...);
        note_result();
    }

private:
    [[no_unique_address]] result_room<T> result_;
};

template <class T>
class coro_promise final : public coro_promise_storage<T> {
public:
    explicit coro_promise(std::source_location defined = std::source_location::current()) noexcept
        : coro_promise_storage<T>(defined) {}

    coro<T> get_return_object() noexcept;
    template <class U = T>
        requires std::convertible_to<U&&, T>
    void return_value(U&& value) {
        this->set_result(std::forward<U>(value));
    }
};

template <>
class coro_promise<void> final : public coro_promise_storage<void> {
public:
    explicit coro_promise(std::source_location defined = std::source_location::current()) noexcept
        : coro_promise_storage<void>(defined) {}

    coro<void> get_return_object() noexcept;
    void return_void() noexcept { set_result(); }
};

template <class T>
class coro_awaiter {
public:
    using promise = coro_promise<T>;

    explicit coro_awaiter(std::coroutine_handle<promise> child) noexcept : child_(child) {}

    bool await_ready() { return detail::start_inline(child_, starts_later_); }
    void await_suspend(std::coroutine_handle<> awaiting) noexcept {
        child_.promise().continuation = awaiting;
        if (starts_later_) [[unlikely]] {
            exec.next = child_;
        }
    }
    std::remove_const_t<T> await_resume() {
        child_.promise().rethrow_if_failed();
        return child_.promise().result().take();
    }

private:
    std::coroutine_handle<promise> child_;
    bool starts_later_ = false;
};

/// The await of a coroutine that has a name, and may outlive whoever awaits it: when that one is
/// destroyed in the middle of it, the coroutine goes too, for nobody could ever resume it.
template <class T>
class named_coro_awaiter final : public coro_awaiter<T> {
public:
    named_coro_awaiter(coro<T>& named, std::coroutine_handle<coro_promise<T>> child) noexcept
        : coro_awaiter<T>(child), named_(&named) {}
    named_coro_awaiter(named_coro_awaiter&& other) noexcept
        : coro_awaiter<T>(other), named_(other.named_) {}
    ~named_coro_awaiter() {
        if (waits_) [[unlikely]] {
            named_->close();
        }
    }

    void await_suspend(std::coroutine_handle<> awaiting) noexcept {
        waits_ = true;
        coro_awaiter<T>::await_suspend(awaiting);
    }
    std::remove_const_t<T> await_resume() {
        waits_ = false;
        return coro_awaiter<T>::await_resume();
    }

private:
    coro<T>* named_;
    bool waits_ = false;
};

void check_dropped(coro_promise_base& dropped) noexcept;  // by ~coro, unless it was awaited
[[noreturn]] void throw_already_executing();
[[noreturn]] void throw_already_awaited();
[[noreturn]] void throw_empty_coroutine(const char* operation);

/// One `send` to a coroutine that is driven by hand; rethrows what it raised.
bool drive(task_core& core, std::coroutine_handle<> frame);

/// The promise of a coroutine that nobody has run yet, for `operation`, which runs it; throws
/// runtime_error otherwise.
template <class T>
coro_promise<T>& unused_promise(const coro<T>& body, const char* operation = "create_task") {
    if (!body) [[unlikely]] {
        throw_empty_coroutine(operation);
    }
    if (body.frame().promise().use() != coro_use::unused) [[unlikely]] {
        throw_already_awaited();
    }
    detail::check_frame(body.frame());
    return body.frame().promise();
}

}  // namespace detail

/// What calling a coroutine function gives: asyncio's coroutine object. Nothing has run yet.
///
///     rondo::coro<int> answer() { co_return 42; }
///     int n = co_await answer();
///
/// `co_await` runs it in the awaiting task: no task is made, the loop is not involved, and it
/// suspends only if something inside has to wait. To run it beside others give it to `create_task`,
/// `gather` or a `task_group`. A coroutine is awaited once; move-only; dropping one that never ran
/// is reported in debug mode. By-value parameters live in its frame, references must outlive it.
/// T may be a value, a reference or void; its alignment may not exceed 16.
///
/// Returns (co_await): what the coroutine co_returns. Throws: what escapes from it; runtime_error
/// when it was awaited before. Cancellation: delivered to the innermost await inside. Fairness:
/// yields only if something inside does. Threads: one, the loop's.
template <class T = void>
class [[nodiscard(
    "a coroutine runs only when it is awaited: co_await it, or give it to "
    "create_task")]] coro {
public:
    using promise_type = detail::coro_promise<T>;
    using rondo_awaitable = void;
    using value_type = T;

    /// Awaits what can be awaited and is no coroutine, such as what sleep() or stream::read() give.
    template <detail::native_awaiter A>
        requires std::same_as<detail::passed_result_t<A>, T>
    coro(A what) : coro(detail::await_one(std::move(what))) {}
    coro(coro&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}
    coro& operator=(coro&& other) noexcept {
        std::swap(frame_, other.frame_);
        return *this;
    }
    [[gnu::always_inline]] ~coro() {
        if (frame_) {
            if (frame_.promise().use() >= detail::coro_use::unused) [[unlikely]] {
                detail::check_frame(frame_);
                detail::check_dropped(frame_.promise());
            }
            detail::destroy_frame(frame_);
        }
    }

    /// Consumes the coroutine, be it an lvalue or a temporary.
    detail::coro_awaiter<T> operator co_await() && {
        consume();
        return detail::coro_awaiter<T>(frame_);
    }
    detail::named_coro_awaiter<T> operator co_await() & {
        consume();
        return detail::named_coro_awaiter<T>(*this, frame_);
    }

    // ---- driving by hand, without a loop; from within the coroutine itself: runtime_error
    /// Runs to the next suspension. False once it has finished; rethrows what it raised.
    bool send() {
        prepare_manual("send");
        return detail::drive(frame_.promise().core(), frame_);
    }
    /// Throws `error` at the await where the coroutine is suspended, and runs on from there.
    bool throw_(std::exception_ptr error) {
        prepare_manual("throw_");
        if (!frame_.promise().core().started()) {
            close();
            std::rethrow_exception(std::move(error));
        }
        frame_.promise().core().set_raised(std::move(error));
        return detail::drive(frame_.promise().core(), frame_);
    }
    /// Destroys the coroutine where it stands, running the destructors of its locals.
    void close() {
        if (frame_) {
            if (running()) {
                detail::throw_already_executing();
            }
            detail::check_frame(frame_);
            detail::destroy_frame(std::exchange(frame_, {}));
        }
    }
    /// Whether it has run to its end or was closed.
    bool done() const noexcept { return !frame_ || frame_.done(); }
    /// What it returned, once done() after driving by hand; throws invalid_state_error before.
    decltype(auto) result() {
        if (!frame_ || !frame_.done() || !frame_.promise().has_result()) {
            throw invalid_state_error("coro::result(): the coroutine has not returned a value");
        }
        return frame_.promise().result().get();
    }
    coro_state state() const noexcept {
        if (done()) {
            return coro_state::closed;
        }
        return frame_.promise().use() == detail::coro_use::unused ? coro_state::created
               : running()                                        ? coro_state::running
                                                                  : coro_state::suspended;
    }

    explicit operator bool() const noexcept { return static_cast<bool>(frame_); }

    /// For rondo's own parts: gives the frame away.
    std::coroutine_handle<promise_type> release() noexcept { return std::exchange(frame_, {}); }
    std::coroutine_handle<promise_type> frame() const noexcept { return frame_; }

private:
    friend promise_type;
    static_assert(alignof(detail::result_room<T>) <= 2 * sizeof(void*),
                  "coro<T>: T's alignment exceeds that of a frame; return a unique_ptr<T>");
    static_assert(!std::is_object_v<T> || std::is_move_constructible_v<std::remove_cv_t<T>>,
                  "coro<T>: a result is moved out, and T cannot be moved; return a unique_ptr<T>");

    explicit coro(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}

    bool running() const noexcept {
        return frame_.promise().has_core() &&
               frame_.promise().core().phase() == detail::task_phase::running;
    }

    void consume() { detail::unused_promise(*this, "co_await").set_awaited(); }
    void prepare_manual(const char* operation) {
        if (!frame_) {
            detail::throw_empty_coroutine(operation);
        }
        auto& promise = frame_.promise();
        if (promise.use() == detail::coro_use::unused) {
            detail::check_frame(frame_);
            promise.make_core(nullptr, 0);
        } else if (promise.use() != detail::coro_use::manual || frame_.done()) {
            detail::throw_already_awaited();
        } else if (running()) {
            detail::throw_already_executing();
        }
    }

    std::coroutine_handle<promise_type> frame_;
};

namespace detail {

template <class T>
coro<T> coro_promise<T>::get_return_object() noexcept {
    return coro<T>(std::coroutine_handle<coro_promise>::from_promise(*this));
}

inline coro<void> coro_promise<void>::get_return_object() noexcept {
    return coro<void>(std::coroutine_handle<coro_promise>::from_promise(*this));
}

template <class T>
inline constexpr bool is_coro_v = false;
template <class T>
inline constexpr bool is_coro_v<coro<T>> = true;

template <class A>
coro<passed_result_t<A>> await_one(A what) {
    co_return co_await std::move(what);
}

/// fn(args...) returns a coro; which one.
template <class F, class... Args>
using coro_of_t = std::invoke_result_t<F, Args...>;
template <class F, class... Args>
concept coroutine_function =
    std::invocable<F, Args...> && is_coro_v<std::remove_cvref_t<coro_of_t<F, Args...>>>;

}  // namespace detail
}  // namespace rondo
