// SPDX-License-Identifier: MIT
#pragma once

#include <new>
#include <type_traits>
#include <utility>
#include <variant>

namespace rondo {

/// A result where a type is needed and `void` will not do: std::monostate for void.
template <class T>
using regular_t = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

namespace detail {

/// Room for a value that comes later. The owner knows whether it came.
template <class T>
class result_slot {
public:
    result_slot() noexcept {}
    result_slot(const result_slot&) = delete;
    result_slot& operator=(const result_slot&) = delete;
    ~result_slot() {
        if (has_value_) {
            value_.~T();
        }
    }

    template <class U>
    void set(U&& value) {
        ::new (static_cast<void*>(&value_)) T(std::forward<U>(value));
        has_value_ = true;
    }
    bool has_value() const noexcept { return has_value_; }
    T& get() noexcept { return value_; }
    T take() { return std::move(value_); }
    /// A copy where there can be one, because others may still want to read the value.
    T copy_or_take() {
        if constexpr (std::is_copy_constructible_v<T>) {
            return value_;
        } else {
            return take();
        }
    }

private:
    union {
        T value_;
    };
    bool has_value_ = false;
};

template <class T>
class result_slot<T&> {
public:
    void set(T& value) noexcept { value_ = &value; }
    bool has_value() const noexcept { return value_ != nullptr; }
    T& get() noexcept { return *value_; }
    T& take() noexcept { return *value_; }
    T& copy_or_take() noexcept { return *value_; }

private:
    T* value_ = nullptr;
};

template <>
class result_slot<void> {
public:
    void set() noexcept { has_value_ = true; }
    bool has_value() const noexcept { return has_value_; }
    void get() const noexcept {}
    void take() const noexcept {}
    void copy_or_take() const noexcept {}

private:
    bool has_value_ = false;
};

}  // namespace detail
}  // namespace rondo
