// SPDX-License-Identifier: MIT
#pragma once

#include <coroutine>
#include <utility>

namespace rondo::detail {

/// An awaitable that has its value already and never suspends.
template <class T>
class immediate {
public:
    using rondo_awaitable = void;

    explicit immediate(T value) : value_(std::move(value)) {}
    static bool await_ready() noexcept { return true; }
    static void await_suspend(std::coroutine_handle<>) noexcept {}
    T await_resume() { return std::move(value_); }

private:
    T value_;
};

template <>
class immediate<void> {
public:
    using rondo_awaitable = void;

    immediate() = default;
    static bool await_ready() noexcept { return true; }
    static void await_suspend(std::coroutine_handle<>) noexcept {}
    static void await_resume() noexcept {}
};

}  // namespace rondo::detail
