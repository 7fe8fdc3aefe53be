// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>

#include <coroutine>
#include <type_traits>
#include <utility>

namespace rondo::detail {

/// For an awaiter that in rare cases needs a coroutine of its own: awaits that in its place.
template <class T>
class inner_await {
public:
    explicit inner_await(coro<T> body)
        : body_(std::move(body)), awaiter_(body_.operator co_await()) {}
    bool await_ready() { return awaiter_.await_ready(); }
    void await_suspend(std::coroutine_handle<> handle) noexcept { awaiter_.await_suspend(handle); }
    std::remove_const_t<T> await_resume() { return awaiter_.await_resume(); }

private:
    coro<T> body_;
    coro_awaiter<T> awaiter_;
};

}  // namespace rondo::detail
