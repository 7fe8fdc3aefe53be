// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace rondo {

/// An owned object on the heap: std::unique_ptr for headers that everybody includes, since <memory>
/// is twice as long as all of rondo's core. Takes over what a std::unique_ptr owns.
template <class T>
class box {
public:
    box() = default;
    box(std::nullptr_t) noexcept {}
    explicit box(T* owned) noexcept : owned_(owned) {}
    box(box&& other) noexcept : owned_(other.release()) {}
    template <class Owner>
        requires(!std::is_lvalue_reference_v<Owner>) && requires(Owner o) {
            { o.release() } -> std::convertible_to<T*>;
        }
    box(Owner&& owner) noexcept : owned_(owner.release()) {}
    box& operator=(box other) noexcept {
        std::swap(owned_, other.owned_);
        return *this;
    }
    ~box() { delete owned_; }

    explicit operator bool() const noexcept { return owned_ != nullptr; }
    friend bool operator==(const box& b, std::nullptr_t) noexcept { return b.owned_ == nullptr; }
    T& operator*() const noexcept { return *owned_; }
    T* operator->() const noexcept { return owned_; }
    T* get() const noexcept { return owned_; }
    /// Gives the object away.
    [[nodiscard]] T* release() noexcept { return std::exchange(owned_, nullptr); }

private:
    T* owned_ = nullptr;
};

template <class T, class... Args>
box<T> make_box(Args&&... args) {
    return box<T>(new T(std::forward<Args>(args)...));
}

}  // namespace rondo
