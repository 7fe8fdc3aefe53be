// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/frame_pool.hpp>
#include <rondo/core/awaitable.hpp>
#include <rondo/core/detail/execution.hpp>
#include <rondo/core/detail/foreign.hpp>
#include <rondo/core/detail/frame_header.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace rondo::detail {

/// Stands for an awaiter that lives until the end of its full-expression. GCC 12 copies an awaiter
/// that await_transform returns by reference, and most of rondo's cannot be copied.
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

/// What has nothing to remember, and can be copied therefore.
template <class A>
concept empty_awaiter = std::is_empty_v<A> && std::is_trivially_copyable_v<A>;

/// What await_transform gives for A.
template <class A>
using transformed_t =
    std::conditional_t<has_member_co_await<A>, A&&,
                       std::conditional_t<empty_awaiter<std::remove_cvref_t<A>>,
                                          std::remove_cvref_t<A>, awaiter_ref<A>>>;

/// What all coroutines of rondo have in common: how they await, and where their frames come from.
/// The line of an await is a number and no source_location, which each await would keep in the
/// frame.
class frame_base : public frame_header, public pooled {
public:
    using frame_header::frame_header;

    static std::suspend_always initial_suspend() noexcept { return {}; }

    template <native_awaitable A>
    auto await_transform(A&& a, std::uint_least32_t line = __builtin_LINE()) noexcept
        -> transformed_t<A> {
        set_line(line);
        exec.frame = this;
        return static_cast<transformed_t<A>>(a);
    }

    template <class A>
        requires(!native_awaitable<A>)
    auto await_transform(A&& a, std::uint_least32_t line = __builtin_LINE()) {
        static_assert(awaitable<A>,
                      "co_await needs an awaitable: a coro, task or future, or a type with "
                      "operator co_await or await_ready/await_suspend/await_resume");
        set_line(line);
        exec.frame = this;
        return foreign_await<A>(static_cast<A&&>(a));
    }

protected:
    ~frame_base() = default;
};

/// Ends a coroutine: the dispatcher goes on with whoever awaits it.
struct final_awaiter {
    static bool await_ready() noexcept { return false; }
    template <class Promise>
    static void await_suspend(std::coroutine_handle<Promise> handle) noexcept {
        const frame_header& ended = handle.promise();
        exec.next = ended.continuation;
        exec.frame = ended.parent;
    }
    static void await_resume() noexcept {}
};

/// Starts the coroutine `child` inline, for the one that reached a co_await last. True when it has
/// finished already. Otherwise it was suspended, or it starts later because the stack is deep.
template <class Promise>
[[gnu::always_inline]] inline bool start_inline(std::coroutine_handle<Promise> child,
                                                bool& starts_later) {
    child.promise().parent = exec.frame;
    if (stack_is_deep()) [[unlikely]] {
        starts_later = true;
        return false;
    }
    child.resume();
    return child.done();
}

}  // namespace rondo::detail
