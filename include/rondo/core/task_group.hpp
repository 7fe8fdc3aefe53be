// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/exception_group.hpp>
#include <rondo/core/future.hpp>
#include <rondo/core/task.hpp>
#include <rondo/core/with.hpp>

#include <exception>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

class task_group;

/// What a child that is started with `task_group::start` reports its readiness with.
template <class T = void>
class task_status {
public:
    explicit task_status(future<T> ready) : ready_(std::move(ready)) {}

    /// The child is ready; `start` returns the value. Throws invalid_state_error the second time.
    /// Ignored when the one who waits has given up.
    template <class... U>
    void started(U&&... value) const {
        if (!ready_.cancelled()) {
            ready_.set_result(std::forward<U>(value)...);
        }
    }

private:
    future<T> ready_;
};

namespace detail {

/// Waits until a group has no children left. A cancellation meanwhile cancels the children, and
/// stays pending.
class group_waiter final : public waiter {
public:
    using rondo_awaitable = void;

    explicit group_waiter(task_group& group) noexcept : group_(&group) {}
    ~group_waiter();
    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept;
    /// Whether it had to wait.
    bool await_resume() const noexcept { return waited_; }
    cancel_answer cancel() noexcept override;
    const char* operation() const noexcept override { return "task_group"; }
    void awaited(std::vector<const future_core*>& list) const override;

private:
    task_group* group_;
    bool waited_ = false;
};

}  // namespace detail

/// asyncio.TaskGroup with trio's rigour: children that cannot outlive a block.
///
///     co_await rondo::with(rondo::task_group(), [&](rondo::task_group& tg) -> rondo::coro<void> {
///         auto page = tg.create_task(fetch(url));
///         tg.create_task(heartbeat());
///         use(co_await page);
///     });  // here both are done
///
/// The block ends when the body and all children have ended. When a child or the body fails, the
/// others are cancelled and waited for, and an exception_group with all errors is thrown, also when
/// it is one. A child that is cancelled on its own is no error. A cancellation from outside cancels
/// the children first. process_exit errors win over the group. Used once; loop-thread only.
class task_group {
public:
    using exits_unshielded = void;

    task_group() = default;
    /// Only before it is entered.
    task_group(task_group&& other);
    task_group& operator=(task_group&&) = delete;
    ~task_group();

    /// Runs a coroutine as a child. Throws runtime_error, and closes the coroutine, when the group
    /// is not entered yet, is finished or is being cancelled.
    template <class T>
    task<T> create_task(coro<T> body, const task_options& options = default_task_options,
                        std::source_location at = std::source_location::current()) {
        if (const char* why = refuses_children()) {
            body.close();
            throw_refused(why);
        }
        return spawn(std::move(body), options, at, nullptr);
    }
    template <detail::plain_awaitable A>
    auto create_task(A what, const task_options& options = default_task_options,
                     std::source_location at = std::source_location::current()) {
        return create_task(detail::await_one(std::move(what)), options, at);
    }
    /// Runs fn(args...) as a child that owns function and arguments.
    template <class F, class... Args>
        requires detail::coroutine_function<F, Args...>
    auto create_task(F fn, Args... args) {
        return create_task(detail::invoke_owned(std::move(fn), std::move(args)...));
    }

    /// trio's start: runs fn(task_status<T>, args...) as a child and waits until it calls
    /// started(). Returns: the value given to started(). Throws: what the child throws before that;
    /// runtime_error when it ends without calling it. Cancellation: cancels the child. Fairness:
    /// always yields. Threads: the loop's.
    template <class T = void, class F, class... Args>
    [[nodiscard]] coro<T> start(F&& fn, Args&&... args) {
        detail::check_callable<F>();
        detail::check_arguments<Args...>();
        return start_child<T, std::decay_t<F>, std::decay_t<Args>...>(std::forward<F>(fn),
                                                                      std::forward<Args>(args)...);
    }

    /// Cancels all children and the body, and lets the block end without an error. Idempotent;
    /// may be called before the group is entered.
    void cancel(std::string reason = {}) noexcept { scope_.cancel(std::move(reason)); }
    /// The scope around body and children.
    class cancel_scope& cancel_scope() noexcept { return scope_; }
    /// The children that are not done.
    std::vector<any_task> children() const;

    detail::immediate<void> aenter();
    coro<bool> aexit(std::exception_ptr body_error) {
        body_error_ = std::move(body_error);
        return std::move(*exit_);
    }

private:
    friend class detail::group_waiter;

    /// A child: stands in the scope's list of members, and in the child's list of listeners; when
    /// it has failed, in the group's list.
    class member final : public detail::scope_core::member, public detail::listener {
    public:
        member(task_group& of, detail::future_core* ready) noexcept;
        ~member();
        void notify() noexcept override { group_.child_done(*this); }
        /// Of one that a call of the loop's owns, because its child has ended: the group may go
        /// before that call.
        bool is_lent = false;
        /// Whether somebody still waits in start() for the child's first sign, and gets its error.
        bool is_starting() const noexcept { return ready_ && !ready_->done(); }

        std::exception_ptr error;

    private:
        task_group& group_;
        detail::core_ref<detail::future_core> ready_;
    };

    template <class T>
    task<T> spawn(coro<T> body, const task_options& options, const std::source_location& at,
                  detail::future_core* ready) {
        auto child = rondo::make_box<member>(*this, ready);
        task<T> handle = detail::spawn_task(*loop_, std::move(body), options, &scope_.core(), at);
        adopt(std::move(child), handle.core());
        return handle;
    }

    template <class T, class F, class... Args>
    coro<T> start_child(F fn, Args... args) {
        if (const char* why = refuses_children()) {
            throw_refused(why);
        }
        const future<T> ready;
        const any_task child =
            spawn(detail::invoke_owned(std::move(fn), task_status<T>(ready), std::move(args)...),
                  default_task_options, std::source_location::current(), &ready.core());
        co_await wait_until_started(child, ready.core());
        if constexpr (!std::is_void_v<T>) {
            co_return std::move(ready.result());
        }
    }

    const char* refuses_children() const noexcept;
    [[noreturn]] static void throw_refused(const char* why);
    void adopt(box<member> child, detail::task_core& task);
    void child_done(member& child) noexcept;
    void record(member& failed) noexcept;
    void end_children(const char* reason) noexcept;
    std::vector<std::exception_ptr> errors(const std::exception_ptr& of_body) const;
    coro<bool> wait_for_children();
    static coro<void> wait_until_started(any_task child, detail::future_core& ready);

    class cancel_scope scope_;
    detail::loop_core* loop_ = nullptr;
    detail::waiter* leaving_ = nullptr;
    std::optional<coro<bool>>
        exit_;  // made at the entry: children could not be waited for without it
    std::exception_ptr body_error_;
    detail::intrusive_list<detail::listener> failed_;
    std::exception_ptr process_exit_;
    bool finished_ = false;
};

}  // namespace rondo
