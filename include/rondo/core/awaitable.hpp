// SPDX-License-Identifier: MIT
#pragma once

#include <coroutine>
#include <type_traits>
#include <utility>

namespace rondo {

namespace detail {

template <class A>
concept has_member_co_await = requires(A&& a) { static_cast<A&&>(a).operator co_await(); };
template <class A>
concept has_free_co_await = requires(A&& a) { operator co_await(static_cast<A&&>(a)); };

/// The awaiter that `co_await a` would use, by [expr.await]/3.
template <class A>
decltype(auto) get_awaiter(A&& a) {
    if constexpr (has_member_co_await<A>) {
        return static_cast<A&&>(a).operator co_await();
    } else if constexpr (has_free_co_await<A>) {
        return operator co_await(static_cast<A&&>(a));
    } else {
        return static_cast<A&&>(a);
    }
}

template <class W>
concept awaiter = requires(std::remove_reference_t<W>& w, std::coroutine_handle<> h) {
    static_cast<bool>(w.await_ready());
    w.await_suspend(h);
    w.await_resume();
};

/// rondo's own awaitables say so; they know how to suspend a task.
template <class A>
concept native_awaitable = requires { typename std::remove_cvref_t<A>::rondo_awaitable; };

}  // namespace detail

/// Anything that `co_await` accepts inside a coroutine of rondo.
template <class A>
concept awaitable = requires(A&& a) {
    { detail::get_awaiter(static_cast<A&&>(a)) } -> detail::awaiter;
};

/// What `co_await std::declval<A>()` gives.
template <awaitable A>
using awaitable_result_t =
    decltype(std::declval<
                 std::remove_reference_t<decltype(detail::get_awaiter(std::declval<A>()))>&>()
                 .await_resume());

namespace detail {

/// What an await of A gives when it is passed on: of what gives a T and says so, a T, which may be
/// a reference; of everything else a value.
template <class A>
struct passed_result : std::decay<awaitable_result_t<A>> {};
template <native_awaitable A>
    requires requires { typename std::remove_reference_t<A>::value_type; }
struct passed_result<A> : std::remove_cv<typename std::remove_reference_t<A>::value_type> {};
template <class A>
using passed_result_t = typename passed_result<A>::type;

}  // namespace detail

}  // namespace rondo
