// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/context_manager.hpp>
#include <rondo/core/coro.hpp>

#include <cstddef>
#include <type_traits>

namespace rondo::http::detail {

template <class... A>
struct type_list {
    static constexpr std::size_t size = sizeof...(A);
};

template <class F>
concept has_one_call_operator = requires { &F::operator(); };

/// The result and the parameters of a function, a lambda or a function object.
template <class F>
struct signature {
    static_assert(has_one_call_operator<F>,
                  "the parameters of a handler say where its values come from: give each one a "
                  "type (no `auto`), and choose one function where a name is overloaded");
};
template <class F>
    requires has_one_call_operator<F>
struct signature<F> : signature<decltype(&F::operator())> {};

template <class R, class... A>
struct signature<R (*)(A...)> {
    using result = R;
    using parameters = type_list<A...>;
};
template <class R, class... A>
struct signature<R (*)(A...) noexcept> : signature<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...)> : signature<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) const> : signature<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) noexcept> : signature<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) const noexcept> : signature<R (*)(A...)> {};

template <class F>
using result_of = typename signature<F>::result;

template <class R>
inline constexpr bool is_coro = false;
template <class T>
inline constexpr bool is_coro<coro<T>> = true;
template <class R>
inline constexpr bool is_manager = false;
template <class T>
inline constexpr bool is_manager<context_manager<T>> = true;

/// What awaiting or entering a result gives.
template <class R>
struct awaited {
    using type = R;
};
template <class T>
struct awaited<coro<T>> {
    using type = T;
};
template <class T>
struct awaited<context_manager<T>> {
    using type = T;
};
template <class F>
using awaited_result_of = typename awaited<result_of<F>>::type;

}  // namespace rondo::http::detail
