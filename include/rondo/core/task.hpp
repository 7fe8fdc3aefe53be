// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/assert.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/detail/future_waiter.hpp>
#include <rondo/core/detail/task_core.hpp>
#include <rondo/core/errors.hpp>
#include <rondo/core/future.hpp>

#include <concepts>
#include <cstdint>
#include <exception>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

class event_loop;
template <class T>
class task;

/// How a task is to be made. See create_task.
struct task_options {
    std::string_view name = {};                      // "Task-N" when empty
    std::optional<bool> eager_start = std::nullopt;  // run at once, up to the first suspension
    rondo::context* context = nullptr;               // run in this one instead of in a copy
};

/// The defaults, by reference: building and copying options costs more than starting a task.
inline constexpr task_options default_task_options{};

/// A task without the type of its result; see task<T>. May be empty.
class any_task {
public:
    any_task() = default;
    explicit any_task(detail::task_core& core) noexcept
        : core_(detail::core_ref<detail::task_core>::share(core)) {}
    explicit any_task(detail::core_ref<detail::task_core> core) noexcept : core_(std::move(core)) {}

    bool done() const noexcept { return core().done(); }
    /// Whether it ended with cancelled_error.
    bool cancelled() const noexcept { return core().is_cancelled(); }
    /// Asks the task to end: cancelled_error is thrown at the await where it stands, or at its next
    /// one. It may clean up, take its time, or go on regardless. False when it is done already.
    bool cancel(std::string message = {}) const {
        return core().request_cancel(std::move(message));
    }
    /// How many cancel() calls were not taken back; 16,383 when there are more.
    int cancelling() const noexcept { return core().cancelling(); }
    /// Takes one cancel() back and returns how many are left; at 0 an undelivered one is withdrawn.
    int uncancel() const noexcept { return core().uncancel(); }
    /// The error; null with a result. Throws cancelled_error, or invalid_state_error while running.
    std::exception_ptr exception() const { return detail::error_or_throw(core()); }

    std::string name() const { return core().name(); }
    void set_name(std::string name) const { core().set_name(std::move(name)); }
    std::uint64_t id() const noexcept { return core().id(); }
    /// The context that the task runs in.
    rondo::context context() const;
    /// Throws runtime_error once it is closed.
    event_loop& get_loop() const;

    /// One line a coroutine, the innermost await last: where the task stands.
    std::vector<std::string> get_stack() const;
    void print_stack() const;

    template <class F>
    std::uintptr_t add_done_callback(F fn) const {
        const auto identity = detail::callback_identity(fn);
        return detail::add_done_callback(
            core(), identity, [fn = std::move(fn)](detail::future_core& core) mutable {
                detail::call_with_optional_argument(
                    fn, any_task(static_cast<detail::task_core&>(core)));
            });
    }
    std::size_t remove_done_callback(std::uintptr_t id) const noexcept {
        return detail::remove_done_callbacks(core(), id);
    }
    std::size_t remove_done_callback(void (*fn)(any_task)) const noexcept {
        return detail::remove_done_callbacks(core(), detail::callback_identity(fn));
    }

    explicit operator bool() const noexcept { return static_cast<bool>(core_); }
    friend bool operator==(const any_task& a, const any_task& b) noexcept {
        return a.core_ == b.core_;
    }

    detail::task_core& core() const noexcept {
        RONDO_DEBUG_ASSERT(core_, "this handle has no task: it is empty, or was moved from");
        return *core_;
    }

protected:
    detail::core_ref<detail::task_core> core_;
};

namespace detail {

template <class T>
result_room<T>& result_of(future_core& core) noexcept {
    return static_cast<coro_promise<T>&>(static_cast<task_core&>(core).frame()).result();
}

/// The await of a task by a named handle: the result by reference, as often as one likes.
template <class T>
class task_awaiter : public future_waiter {
public:
    using value_type = T;
    using future_waiter::future_waiter;
    std::add_lvalue_reference_t<T> await_resume() {
        check_end();
        return detail::result_of<T>(*awaited_).get();
    }
};

/// The await of a task by a temporary handle: the result is moved out.
template <class T>
class task_taker : public future_waiter {
public:
    using value_type = T;
    using future_waiter::future_waiter;
    std::remove_const_t<T> await_resume() {
        check_end();
        return detail::result_of<T>(*awaited_).take();
    }
};

/// Makes the frame of `promise` a task of `loop` and schedules, or eagerly starts it. The reference
/// of the handle-to-be is counted.
task_core& spawn(loop_core& loop, coro_promise_base& promise, const task_options& options,
                 scope_core* scope, std::source_location created_at);

template <class T>
task<T> spawn_task(loop_core& loop, coro<T>&& body, const task_options& options, scope_core* scope,
                   std::source_location created_at);

/// Owns fn and args for as long as the coroutine runs that fn(args...) makes.
template <class F, class... Args>
coro<typename std::remove_cvref_t<coro_of_t<F, Args...>>::value_type> invoke_owned(F fn,
                                                                                   Args... args) {
    co_return co_await std::move(fn)(std::move(args)...);
}

}  // namespace detail

/// A coroutine that runs on its own, beside others: asyncio's Task. A cheap handle; copies refer to
/// the same task, and dropping it does not stop the task: the loop keeps it alive until it ends.
///
/// Returns (co_await): the result, by reference from a named handle, moved out of a temporary one;
/// may be awaited again and again and by many. Throws: what escaped from the coroutine;
/// cancelled_error; runtime_error when a task awaits itself. Cancellation: of the awaiting task
/// cancels this one and waits for its end; use shield() to prevent it. Fairness: a task that is
/// done does not suspend. Threads: the loop's.
///
/// A task that fails and whose error nobody looks at is reported when its last handle goes. A
/// handle that was moved from is empty, as a default one is: ask it with `if (t)`, and nothing
/// else.
template <class T = void>
class task : public any_task {
public:
    using rondo_awaitable = void;
    using value_type = T;

    task() = default;

    /// The result. Throws the error, cancelled_error, or invalid_state_error while running.
    std::add_lvalue_reference_t<T> result() const {
        this->core().check_value();
        return detail::result_of<T>(this->core()).get();
    }

    /// The result, moved out: for the last one who needs it.
    std::remove_const_t<T> take_result() && {
        this->core().check_value();
        return detail::result_of<T>(this->core()).take();
    }

    template <class F>
    std::uintptr_t add_done_callback(F fn) const {
        const auto identity = detail::callback_identity(fn);
        return detail::add_done_callback(this->core(), identity,
                                         [fn = std::move(fn)](detail::future_core& core) mutable {
                                             detail::call_with_optional_argument(
                                                 fn, task(static_cast<detail::task_core&>(core)));
                                         });
    }
    using any_task::remove_done_callback;
    std::size_t remove_done_callback(void (*fn)(task)) const noexcept {
        return detail::remove_done_callbacks(this->core(), detail::callback_identity(fn));
    }

    auto operator co_await() const& { return detail::task_awaiter<T>(this->core()); }
    auto operator co_await() && {
        static_cast<void>(this->core());
        return detail::task_taker<T>(
            detail::core_ref<detail::future_core>::adopt(*core_.release()));
    }

private:
    using any_task::any_task;
    template <class U>
    friend task<U> detail::spawn_task(detail::loop_core&, coro<U>&&, const task_options&,
                                      detail::scope_core*, std::source_location);
};

namespace detail {

template <class T>
[[gnu::always_inline]] inline task<T> spawn_task(loop_core& loop, coro<T>&& body,
                                                 const task_options& options, scope_core* scope,
                                                 std::source_location created_at) {
    auto& promise = detail::unused_promise(body);
    task<T> handle(core_ref<task_core>::adopt(spawn(loop, promise, options, scope, created_at)));
    body.release();
    return handle;
}

/// co_await end_of(t): until t is done, however it ends.
inline end_awaiter end_of(const any_task& t) { return end_awaiter(t.core()); }

template <class T>
inline constexpr bool is_task_v = false;
template <class T>
inline constexpr bool is_task_v<task<T>> = true;

/// What may be awaited and is neither a coroutine nor runs already: what `sleep` gives, or
/// `stream::read`.
template <class A>
concept plain_awaitable =
    awaitable<A> && !is_coro_v<A> && !is_future_v<A> && !std::derived_from<A, any_task>;

}  // namespace detail

/// Runs `body` beside the caller. It starts in the next pass of the loop, after what is ready
/// already, unless `eager_start` is asked for. Throws runtime_error outside a running loop.
template <class T>
[[gnu::always_inline,
  nodiscard("keep the handle, or say std::ignore: the task runs either way")]] inline task<T>
create_task(coro<T> body, const task_options& options = default_task_options,
            std::source_location at = std::source_location::current()) {
    auto& loop = detail::running_core("create_task");
    return detail::spawn_task(loop, std::move(body), options, nullptr, at);
}

/// Runs fn(args...), where fn is a coroutine function: function and arguments are moved into the
/// task and live as long as it does, so lambdas with captures are safe here.
template <class F, class... Args>
    requires detail::coroutine_function<F, Args...>
[[nodiscard("keep the handle, or say std::ignore: the task runs either way")]] auto create_task(
    F fn, Args... args) {
    return rondo::create_task(detail::invoke_owned(std::move(fn), std::move(args)...));
}

/// Awaits anything else that may be awaited in a task of its own.
template <detail::plain_awaitable A>
[[nodiscard("keep the handle, or say std::ignore: the task runs either way")]] auto create_task(
    A what, const task_options& options = default_task_options,
    std::source_location at = std::source_location::current()) {
    return rondo::create_task(detail::await_one(std::move(what)), options, at);
}

/// The task that runs now; empty in a callback. Throws runtime_error outside a running loop.
any_task current_task();
/// The tasks of the running loop that are not done, in the order of their creation.
std::vector<any_task> all_tasks();

/// Sets eager_start for tasks that do not say otherwise: for `event_loop::set_task_factory`.
void eager_task_factory(event_loop& loop, task_options& options);

/// A task for anything awaitable: tasks as they are, coroutines and others in a new task.
template <class T>
task<T> ensure_future(task<T> t) {
    return t;
}
template <class T>
future<T> ensure_future(future<T> f) {
    return f;
}
template <class T>
task<T> ensure_future(coro<T> c) {
    return rondo::create_task(std::move(c));
}
template <awaitable A>
auto ensure_future(A awaitable) {
    return rondo::create_task(std::move(awaitable));
}

}  // namespace rondo
