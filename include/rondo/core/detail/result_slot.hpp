// SPDX-License-Identifier: MIT
#pragma once

#include <new>
#include <type_traits>
#include <utility>
#include <variant>

namespace rondo {

/// A result where a type is needed and `void` will not do: std::monostate for void. Not const: it
/// is moved on.
template <class T>
using regular_t = std::conditional_t<std::is_void_v<T>, std::monostate, std::remove_cv_t<T>>;

namespace detail {

/// A result that a vector, a variant or an optional keeps.
template <class T>
struct kept_result {
    static_assert(!std::is_reference_v<T>,
                  "this gives its results in a container, which cannot hold references: let the "
                  "coroutine return a pointer, or a std::reference_wrapper");
    using type = regular_t<std::remove_reference_t<T>>;
};
template <class T>
using kept_result_t = typename kept_result<T>::type;

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
        ::new (static_cast<void*>(__builtin_addressof(value_))) stored(std::forward<U>(value));
    }
    void destroy() noexcept { value_.~stored(); }
    T& get() noexcept { return value_; }
    /// Not const: others move it on.
    std::remove_const_t<T> take() { return std::move(value_); }
    /// The value, or a copy where there can be one, when others may still want to read it.
    std::remove_const_t<T> give(bool others_may_want_it) {
        if constexpr (std::is_copy_constructible_v<T>) {
            if (others_may_want_it) {
                return value_;
            }
        }
        return take();
    }

private:
    using stored = std::remove_const_t<T>;  // what is const could not be moved out

    union {
        stored value_;
    };
};

template <class T>
class result_room<T&> {
public:
    void set(T& value) noexcept { value_ = __builtin_addressof(value); }
    void destroy() noexcept {}
    T& get() noexcept { return *value_; }
    T& take() noexcept { return *value_; }
    T& give(bool) noexcept { return *value_; }

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
    void give(bool) const noexcept {}
};

/// The same, for an owner who does not know.
template <class T>
class result_slot : public result_room<T> {
public:
    result_slot() = default;
    ~result_slot() { clear(); }

    template <class... Value>
    void set(Value&&... value) {
        result_room<T>::set(std::forward<Value>(value)...);
        has_value_ = true;
    }
    void clear() noexcept {
        if (std::exchange(has_value_, false)) {
            this->destroy();
        }
    }
    bool has_value() const noexcept { return has_value_; }

private:
    bool has_value_ = false;
};

}  // namespace detail
}  // namespace rondo
