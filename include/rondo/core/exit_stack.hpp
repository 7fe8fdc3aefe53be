// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/detail/immediate.hpp>
#include <rondo/core/detail/scope_core.hpp>
#include <rondo/core/with.hpp>

#include <concepts>
#include <exception>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

class async_exit_stack;

namespace detail {

/// Something that an exit stack has to do. The coroutine that does it is made with the entry: later
/// there might be no memory for it.
class exit_entry {
public:
    virtual ~exit_entry() = default;
    /// Does it; `error` is what is on its way. True when the error ends here.
    coro<bool> leave(std::exception_ptr error) {
        error_ = std::move(error);
        return leaving_.get();
    }

protected:
    explicit exit_entry(coro<bool> leaving) noexcept : leaving_(std::move(leaving)) {}

    std::exception_ptr error_;

private:
    prepared<bool> leaving_;
};

template <class M>
class manager_entry final : public exit_entry {
public:
    explicit manager_entry(M&& manager)
        : exit_entry(leave_it(*this)), manager_(std::forward<M>(manager)) {}
    std::remove_reference_t<M>& manager() noexcept { return manager_; }

private:
    static coro<bool> leave_it(manager_entry& self) {
        std::optional<shielded> shield;
        if constexpr (!exits_unshielded<std::remove_reference_t<M>>) {
            shield.emplace();
        }
        co_return co_await self.manager_.aexit(self.error_);
    }

    M manager_;
};

template <class F, class... Args>
class callback_entry final : public exit_entry {
public:
    template <class G, class... As>
    explicit callback_entry(std::in_place_t, G&& fn, As&&... args)
        : exit_entry(leave_it(*this)), fn_(std::forward<G>(fn)), args_(std::forward<As>(args)...) {}

private:
    static coro<bool> leave_it(callback_entry& self) {
        const shielded shield;
        if constexpr (awaitable<std::invoke_result_t<F, Args...>>) {
            co_await std::apply(std::move(self.fn_), std::move(self.args_));
        } else {
            static_cast<void>(std::apply(std::move(self.fn_), std::move(self.args_)));
        }
        co_return false;
    }

    F fn_;
    std::tuple<Args...> args_;
};

/// Marks, among the scopes of a task, the body of an exit stack. It is never cancelled.
class exit_scope final : public scope_core {
public:
    explicit exit_scope(async_exit_stack& of) noexcept : stack(of) {}
    async_exit_stack& stack;
};

/// The stack whose body the running task is in, the innermost one. Throws runtime_error without
/// one.
async_exit_stack& innermost_exit_stack();

}  // namespace detail

/// contextlib.AsyncExitStack: collects clean-up while a piece of code runs, and does it all at the
/// end, the last first: for a number of resources that is only known at run time.
///
///     co_await rondo::with(rondo::async_exit_stack(),
///                          [&](rondo::async_exit_stack& stack) -> rondo::coro<void> {
///         for (const address& a : addresses) {
///             links.push_back(&co_await stack.enter_async_context(connect(a)));
///         }
///         ...
///     });
///
/// Each entry is shielded from cancellation, runs whatever happened before it, may swallow the
/// error that is on its way if it is a manager, and replaces it by an error of its own. Owns
/// temporaries, refers to named managers. A stack that is destroyed without being closed runs
/// nothing. It can be moved until `with` has entered it. Loop-thread only.
class async_exit_stack {
public:
    using exits_unshielded = void;  // every entry is shielded by itself, except for scopes

    async_exit_stack() = default;
    async_exit_stack(async_exit_stack&& other);
    async_exit_stack& operator=(async_exit_stack&&) = delete;
    ~async_exit_stack();

    /// Enters `manager` now, and leaves it when the stack closes.
    /// Returns: what its aenter() gives. Throws: what aenter() throws; then there is nothing to
    /// leave. Cancellation, Fairness, Threads: as aenter().
    template <class M>
        requires detail::async_manager<std::remove_reference_t<M>>
    [[nodiscard]] auto enter_async_context(M&& manager)
        -> coro<detail::entered_t<std::remove_reference_t<M>>> {
        detail::check_manager<M>();
        return enter(rondo::make_box<detail::manager_entry<M>>(std::forward<M>(manager)));
    }

    /// Awaits fn(args...) when the stack closes. Function and arguments are copied or moved here.
    template <class F, class... Args>
        requires detail::coroutine_function<std::decay_t<F>, std::decay_t<Args>...>
    void push_async_callback(F&& fn, Args&&... args) {
        push(std::forward<F>(fn), std::forward<Args>(args)...);
    }

    /// Calls fn(args...) when the stack closes.
    template <class F, class... Args>
        requires(std::invocable<std::decay_t<F>, std::decay_t<Args>...> &&
                 !detail::coroutine_function<std::decay_t<F>, std::decay_t<Args>...>)
    void callback(F&& fn, Args&&... args) {
        push(std::forward<F>(fn), std::forward<Args>(args)...);
    }

    /// A new stack with everything that this one had to do; this one has nothing left to do.
    [[nodiscard]] async_exit_stack pop_all();

    /// Does everything now, the last first.
    /// Returns: nothing. Throws: the last error of an entry. Cancellation: entries are shielded.
    /// Fairness: as the entries. Threads: the loop's.
    [[nodiscard]] coro<void> aclose();

    // ---- as the manager of with()
    detail::immediate<void> aenter();
    coro<bool> aexit(std::exception_ptr error);

private:
    template <class F, class... Args>
    friend auto defer(F&& fn, Args&&... args);

    using entry_list = std::vector<box<detail::exit_entry>>;

    template <class M>
    auto enter(box<detail::manager_entry<M>> entry)
        -> coro<detail::entered_t<std::remove_reference_t<M>>> {
        auto& manager = entry->manager();
        entries_.reserve(entries_.size() + 1);
        if constexpr (std::is_void_v<detail::entered_t<std::remove_reference_t<M>>>) {
            co_await manager.aenter();
            entries_.push_back(std::move(entry));
        } else {
            auto&& entered = co_await manager.aenter();
            entries_.push_back(std::move(entry));
            co_return static_cast<decltype(entered)>(entered);
        }
    }
    template <class F, class... Args>
    void push(F&& fn, Args&&... args) {
        using entry = detail::callback_entry<std::decay_t<F>, std::decay_t<Args>...>;
        entries_.push_back(rondo::make_box<entry>(std::in_place, std::forward<F>(fn),
                                                  std::forward<Args>(args)...));
    }
    coro<std::exception_ptr> unwind(std::exception_ptr& error);
    coro<bool> leave_with_error();

    entry_list entries_;
    std::exception_ptr error_;
    std::optional<detail::prepared<std::exception_ptr>> unwinding_;
    std::optional<detail::prepared<bool>> exit_;  // both are made at the entry
    box<detail::exit_scope> scope_;               // while with() runs the body
};

/// Go's defer: fn(args...) is called, and awaited if it is a coroutine function, when the innermost
/// async_exit_stack closes whose body the running task is in; for code that did not open the stack.
///
///     rondo::coro<connection*> open(address a) {
///         connection* c = co_await connect(a);
///         co_await rondo::defer(&disconnect, c);
///         co_return c;
///     }
///     co_await rondo::with(rondo::async_exit_stack(), [&]() -> rondo::coro<void> { ... });
///
/// It is bound to a stack and not to the end of a coroutine, because C++ destroys the coroutine's
/// locals before anything could be awaited there: what `fn` uses is passed by value, or outlives
/// the stack's body. For the locals of one function use `finally_`. Returns: nothing. Throws:
/// runtime_error outside such a body. Cancellation: never; `fn` runs shielded. Fairness: does not
/// yield. Threads: the loop's.
template <class F, class... Args>
[[nodiscard("co_await defer(...)")]] auto defer(F&& fn, Args&&... args) {
    detail::check_callable<F>();
    detail::check_arguments<Args...>();
    detail::innermost_exit_stack().push(std::forward<F>(fn), std::forward<Args>(args)...);
    return detail::immediate<void>();
}

}  // namespace rondo
