// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/frame_pool.hpp>
#include <rondo/core/awaitable.hpp>
#include <rondo/core/execution.hpp>
#include <rondo/core/foreign.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <type_traits>
#include <utility>

namespace rondo::detail {

/// Stands for an awaiter that lives until the end of its full-expression. GCC 12 copies an awaiter
/// that await_transform returns by reference, and those of rondo cannot be copied.
template <class A>
class awaiter_ref {
public:
    explicit awaiter_ref(std::remove_reference_t<A>& awaiter) noexcept : awaiter_(&awaiter) {}
    bool await_ready() const { return awaiter_->await_ready(); }
    template <class Promise>
    decltype(auto) await_suspend(std::coroutine_handle<Promise> handle) const {
        return awaiter_->await_suspend(handle);
    }
    decltype(auto) await_resume() const { return awaiter_->await_resume(); }

private:
    std::remove_reference_t<A>* awaiter_;
};

/// What all coroutines of rondo have in common: who goes on when they end, where they were written
/// and at which line they wait, and where their frames come from.
class frame_base {
public:
    explicit frame_base(std::source_location defined) noexcept
        : defined_(defined), line_(defined.line()) {}
    frame_base(const frame_base&) = delete;
    frame_base& operator=(const frame_base&) = delete;

    std::coroutine_handle<> continuation{};
    const frame_base* parent = nullptr;  // that of `continuation`, when it is one of rondo's

    const std::source_location& defined() const noexcept { return defined_; }
    /// The line of the last co_await.
    std::uint_least32_t line() const noexcept { return line_; }

    template <native_awaitable A>
    auto await_transform(A&& a, std::source_location at = std::source_location::current()) noexcept
        -> std::conditional_t<has_member_co_await<A>, A&&, awaiter_ref<A>> {
        line_ = at.line();
        exec.frame = this;
        return static_cast<std::conditional_t<has_member_co_await<A>, A&&, awaiter_ref<A>>>(a);
    }

    template <class A>
        requires(!native_awaitable<A>)
    auto await_transform(A&& a, std::source_location at = std::source_location::current()) {
        static_assert(awaitable<A>,
                      "co_await needs an awaitable: a coro, task or future, or a type with "
                      "operator co_await or await_ready/await_suspend/await_resume");
        line_ = at.line();
        exec.frame = this;
        return foreign_await<A>(static_cast<A&&>(a));
    }

    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* frame, std::size_t size) noexcept {
        frame_pool::deallocate(frame, size);
    }

protected:
    ~frame_base() = default;

private:
    std::source_location defined_;
    std::uint_least32_t line_;
};

/// Ends a coroutine: the dispatcher goes on with whoever awaits it.
struct final_awaiter {
    static bool await_ready() noexcept { return false; }
    template <class Promise>
    static void await_suspend(std::coroutine_handle<Promise> handle) noexcept {
        exec.next = handle.promise().continuation;
    }
    static void await_resume() noexcept {}
};

/// Lets `child` continue `parent` when it ends.
template <class Promise>
void continue_with(frame_base& child, std::coroutine_handle<Promise> parent) noexcept {
    child.continuation = parent;
    if constexpr (std::is_base_of_v<frame_base, Promise>) {
        child.parent = &parent.promise();
    }
}

/// Starts the coroutine `child` inline. True when it has finished already. Otherwise it was
/// suspended, or not started because the stack is deep.
[[gnu::always_inline]] inline bool start_inline(std::coroutine_handle<> child, bool& started) {
    if (stack_is_deep()) [[unlikely]] {
        return false;
    }
    started = true;
    child.resume();
    return child.done();
}

}  // namespace rondo::detail
