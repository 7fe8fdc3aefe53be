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

/// Room for a value that comes later. Its owner knows whether it came, and destroys it then.
template <class T>
class result_room {
public:
    result_room() noexcept {}
    result_room(const result_room&) = delete;
    result_room& operator=(const result_room&) = delete;
    ~result_room() {}

    template <class U>
    void set(U&& value) {
        ::new (static_cast<void*>(&value_)) T(std::forward<U>(value));
    }
    void destroy() noexcept { value_.~T(); }
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
};

template <class T>
class result_room<T&> {
public:
    void set(T& value) noexcept { value_ = &value; }
    void destroy() noexcept {}
    T& get() noexcept { return *value_; }
    T& take() noexcept { return *value_; }
    T& copy_or_take() noexcept { return *value_; }

private:
    T* value_ = nullptr;
};

template <>
class result_room<void> {
public:
    void set() noexcept {}
    void destroy() noexcept {}
    void get() const noexcept {}
    void take() const noexcept {}
    void copy_or_take() const noexcept {}
};

/// The same, for an owner who does not know.
template <class T>
class result_slot : public result_room<T> {
public:
    result_slot() = default;
    ~result_slot() {
        if (has_value_) {
            this->destroy();
        }
    }

    template <class... Value>
    void set(Value&&... value) {
        result_room<T>::set(std::forward<Value>(value)...);
        has_value_ = true;
    }
    bool has_value() const noexcept { return has_value_; }

private:
    bool has_value_ = false;
};

}  // namespace detail
}  // namespace rondo
